/** Tests reach loopback and nothing else. (Filled in by the harness.) */
export {}
