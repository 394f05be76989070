require ["fileinto", "mailbox"];
if header :contains "To" "junk@" { fileinto :create "Junk"; }
