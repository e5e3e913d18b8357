# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_keyway_global_optspecs
    string join \n color= h/help V/version
end

function __fish_keyway_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_keyway_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_keyway_using_subcommand
    set -l cmd (__fish_keyway_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c keyway -n "__fish_keyway_needs_command" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_needs_command" -s h -l help -d 'Print help'
complete -c keyway -n "__fish_keyway_needs_command" -s V -l version -d 'Print version'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "up" -d 'From nothing to https: make what is missing, serve, and prove it'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "dev" -d 'Certificates for development, by a CA of one\'s own'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "check" -d 'Say what files hold, or what is served, whether a server can use it, and who will accept it'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "fix" -d 'Write the files that a server wants, out of whatever was given'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "inspect" -d 'Show what files hold, without judging it'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "scan" -d 'Check every file below folders: a line for each with certificates, and a summary'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "explain" -d 'Explain a finding by its code'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "enable" -d 'Put a service behind TLS, with an own certificate or a managed name'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "update" -d 'Give a service new certificate files, another name, or a renewed certificate'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "renew" -d 'Renew a managed certificate where it is due, check it, put it in place, and look that it is served'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "disable" -d 'Take a service from behind TLS; its certificate stays named'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "status" -d 'Show how a service stands: name, certificate, time left, next renewal, what is served, DNS'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "serve" -d 'Serve a service: TLS in front of what is behind, with certificates that were checked'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "config" -d 'Check, show, import and export service files'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "dns" -d 'Plan, change, verify and wait for DNS records; check zone files; judge CAA'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "completions" -d 'Print a shell\'s completions'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "man" -d 'Print the manual page'
complete -c keyway -n "__fish_keyway_needs_command" -f -a "generate" -d 'Write the generated pages of the project'
complete -c keyway -n "__fish_keyway_using_subcommand up" -l host -d 'A name or address that clients ask for (may be repeated) [default: localhost, 127.0.0.1 and ::1]; for a name that others own, too, keyway.toml is written, and a public CA is asked' -r
complete -c keyway -n "__fish_keyway_using_subcommand up" -l upstream -d 'What is behind, http://HOST:PORT [default: a page that says that it works]' -r
complete -c keyway -n "__fish_keyway_using_subcommand up" -l listen -d 'An address to listen on, with port (may be repeated) [default: 127.0.0.1:8443 and [::1]:8443]' -r
complete -c keyway -n "__fish_keyway_using_subcommand up" -l roots -d 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand up" -l profile -d 'Which rules apply to the certificate' -r -f -a "webpki\t'RFC 5280 and the CA/B Forum rules that browsers apply'
rfc5280\t'RFC 5280 alone'
private\t'An own CA: what clients need to accept it'"
complete -c keyway -n "__fish_keyway_using_subcommand up" -l at -d 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand up" -l state -d 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand up" -l store -d 'Share the managed certificate with other replicas, of which one renews it: s3://BUCKET/PREFIX, az://CONTAINER/PREFIX, gs://BUCKET/PREFIX with credentials from the environment, or file:///FOLDER' -r
complete -c keyway -n "__fish_keyway_using_subcommand up" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand up" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand dev; and not __fish_seen_subcommand_from ca cert" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand dev; and not __fish_seen_subcommand_from ca cert" -s h -l help -d 'Print help'
complete -c keyway -n "__fish_keyway_using_subcommand dev; and not __fish_seen_subcommand_from ca cert" -f -a "ca" -d 'Make a CA for development, or show the one that is there'
complete -c keyway -n "__fish_keyway_using_subcommand dev; and not __fish_seen_subcommand_from ca cert" -f -a "cert" -d 'Make a certificate by it, with a new key'
complete -c keyway -n "__fish_keyway_using_subcommand dev; and __fish_seen_subcommand_from ca" -l permit -d 'A name that the new CA may vouch for as well, with all below it, or an address (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dev; and __fish_seen_subcommand_from ca" -l state -d 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dev; and __fish_seen_subcommand_from ca" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand dev; and __fish_seen_subcommand_from ca" -l anew -d 'Make a new one although there is one: what the old one vouched for is trusted no more by who trusts the new'
complete -c keyway -n "__fish_keyway_using_subcommand dev; and __fish_seen_subcommand_from ca" -l install -d 'Have it trusted on this machine: by the system\'s programs (as root), and by browsers that keep a store of their own (NSS: Chromium, Firefox)'
complete -c keyway -n "__fish_keyway_using_subcommand dev; and __fish_seen_subcommand_from ca" -l uninstall -d 'Have it trusted no more by either; its files stay'
complete -c keyway -n "__fish_keyway_using_subcommand dev; and __fish_seen_subcommand_from ca" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand dev; and __fish_seen_subcommand_from cert" -l out -d 'The folder to write fullchain.pem and key.pem to' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dev; and __fish_seen_subcommand_from cert" -l days -d 'Days that it is valid, at most 825' -r
complete -c keyway -n "__fish_keyway_using_subcommand dev; and __fish_seen_subcommand_from cert" -l state -d 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dev; and __fish_seen_subcommand_from cert" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand dev; and __fish_seen_subcommand_from cert" -l force -d 'Write over files that are there'
complete -c keyway -n "__fish_keyway_using_subcommand dev; and __fish_seen_subcommand_from cert" -s h -l help -d 'Print help'
complete -c keyway -n "__fish_keyway_using_subcommand check" -l key -d 'A private key in a file of its own (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand check" -l crl -d 'A certificate revocation list (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand check" -l password-file -d 'A file with the password of what is encrypted, on its first line (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand check" -l password-env -d 'An environment variable that holds the password (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand check" -l connect -d 'Judge what is served there, instead of files or against them: HOST, HOST:PORT, or an address, IPv6 in brackets [default port: 443, with --starttls that of the protocol]' -r
complete -c keyway -n "__fish_keyway_using_subcommand check" -l sni -d 'The name to ask the server for (SNI) [default: HOST; none where it is an address]' -r
complete -c keyway -n "__fish_keyway_using_subcommand check" -l metrics -d 'With FILE: where a running `keyway serve --metrics ADDRESS` is asked, in plain HTTP, whether it has loaded the certificate of the files (may be repeated, for each of several)' -r
complete -c keyway -n "__fish_keyway_using_subcommand check" -l starttls -d 'The protocol in which TLS begins' -r -f -a "smtp\t'Mail, RFC 3207; port 25'
imap\t'Mail, RFC 9051; port 143'
pop3\t'Mail, RFC 2595; port 110'
ldap\t'Directories, RFC 4511; port 389'
postgres\t'PostgreSQL; port 5432'
mysql\t'MySQL and MariaDB; port 3306'
ftp\t'Files, RFC 4217; port 21'
xmpp\t'Chat, from clients, RFC 6120; port 5222'"
complete -c keyway -n "__fish_keyway_using_subcommand check" -l timeout -d 'How long a server is waited for, seconds, in each of some ten handshakes' -r
complete -c keyway -n "__fish_keyway_using_subcommand check" -l host -d 'A name or address that clients will ask for, not a pattern (may be repeated); with --purpose client, a name that the certificate has to carry' -r
complete -c keyway -n "__fish_keyway_using_subcommand check" -l at -d 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand check" -l roots -d 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand check" -l purpose -d 'What the certificate is for' -r -f -a "server\t'A TLS server'
client\t'A TLS client, whose certificate is named for no host'"
complete -c keyway -n "__fish_keyway_using_subcommand check" -l profile -d 'Which rules apply: public servers (webpki), RFC 5280 alone, or an own CA (private)' -r -f -a "webpki\t'RFC 5280 and the CA/B Forum rules that browsers apply'
rfc5280\t'RFC 5280 alone'
private\t'An own CA: what clients need to accept it'"
complete -c keyway -n "__fish_keyway_using_subcommand check" -l max-intermediates -d 'At most this many intermediates between server certificate and root; more than 6 are never followed, as rustls-webpki does not' -r
complete -c keyway -n "__fish_keyway_using_subcommand check" -l warn-at -d 'Warn when less than this share of the lifetime is left' -r
complete -c keyway -n "__fish_keyway_using_subcommand check" -l format -d 'How to print the report' -r -f -a "text\t'A picture for people'
json\t'The report, `keyway.report/1`'
sarif\t'SARIF 2.1.0, for code scanning'
github\t'Workflow commands of GitHub Actions'"
complete -c keyway -n "__fish_keyway_using_subcommand check" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand check" -l all-addresses -d 'Look at every address of the name (at most 32), and compare what they serve'
complete -c keyway -n "__fish_keyway_using_subcommand check" -s q -l quiet -d 'Print only errors, one a line (text only)'
complete -c keyway -n "__fish_keyway_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l key -d 'A private key in a file of its own (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l crl -d 'A certificate revocation list (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l password-file -d 'A file with the password of what is encrypted, on its first line (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l password-env -d 'An environment variable that holds the password (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l host -d 'A name or address that clients will ask for, not a pattern (may be repeated); with --purpose client, a name that the certificate has to carry' -r
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l at -d 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l roots -d 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l purpose -d 'What the certificate is for' -r -f -a "server\t'A TLS server'
client\t'A TLS client, whose certificate is named for no host'"
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l profile -d 'Which rules apply: public servers (webpki), RFC 5280 alone, or an own CA (private)' -r -f -a "webpki\t'RFC 5280 and the CA/B Forum rules that browsers apply'
rfc5280\t'RFC 5280 alone'
private\t'An own CA: what clients need to accept it'"
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l max-intermediates -d 'At most this many intermediates between server certificate and root; more than 6 are never followed, as rustls-webpki does not' -r
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l warn-at -d 'Warn when less than this share of the lifetime is left' -r
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l out -d 'Folder to write into; made when it is not there' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l to -d 'What to write' -r -f -a "pem\t'fullchain.pem, chain.pem and key.pem'
p12\t'bundle.p12, for IIS and Java; --to-password-file or --to-password-env gives its password, else it is asked for'
p7b\t'chain.p7b, certificates only'
der\t'cert.der, chain-1.der and so on, and key.der'"
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l to-password-file -d 'With --to p12: a file with the password for the PKCS#12 file that is written, on its first line' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l to-password-env -d 'With --to p12: an environment variable that holds the password for the PKCS#12 file that is written' -r
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l keep-root -d 'Keep the root at the end of the chain'
complete -c keyway -n "__fish_keyway_using_subcommand fix" -l force -d 'Replace files of an earlier run; those that are not written anew are kept as NAME.old'
complete -c keyway -n "__fish_keyway_using_subcommand fix" -s q -l quiet -d 'Print only what could not be repaired'
complete -c keyway -n "__fish_keyway_using_subcommand fix" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand inspect" -l key -d 'A private key in a file of its own (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand inspect" -l crl -d 'A certificate revocation list (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand inspect" -l password-file -d 'A file with the password of what is encrypted, on its first line (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand inspect" -l password-env -d 'An environment variable that holds the password (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand inspect" -l format -d 'How to print the facts' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c keyway -n "__fish_keyway_using_subcommand inspect" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand scan" -l password-file -d 'A file with the password of what is encrypted, on its first line (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand scan" -l password-env -d 'An environment variable that holds the password (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand scan" -l host -d 'A name or address that clients will ask for, not a pattern (may be repeated); with --purpose client, a name that the certificate has to carry' -r
complete -c keyway -n "__fish_keyway_using_subcommand scan" -l at -d 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand scan" -l roots -d 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand scan" -l purpose -d 'What the certificate is for' -r -f -a "server\t'A TLS server'
client\t'A TLS client, whose certificate is named for no host'"
complete -c keyway -n "__fish_keyway_using_subcommand scan" -l profile -d 'Which rules apply: public servers (webpki), RFC 5280 alone, or an own CA (private)' -r -f -a "webpki\t'RFC 5280 and the CA/B Forum rules that browsers apply'
rfc5280\t'RFC 5280 alone'
private\t'An own CA: what clients need to accept it'"
complete -c keyway -n "__fish_keyway_using_subcommand scan" -l max-intermediates -d 'At most this many intermediates between server certificate and root; more than 6 are never followed, as rustls-webpki does not' -r
complete -c keyway -n "__fish_keyway_using_subcommand scan" -l warn-at -d 'Warn when less than this share of the lifetime is left' -r
complete -c keyway -n "__fish_keyway_using_subcommand scan" -l format -d 'How to print the lines' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c keyway -n "__fish_keyway_using_subcommand scan" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand scan" -s q -l quiet -d 'Print only files with errors, and the summary (text only)'
complete -c keyway -n "__fish_keyway_using_subcommand scan" -s v -l verbose -d 'Also print a line for files below folders that hold no certificate (text only)'
complete -c keyway -n "__fish_keyway_using_subcommand scan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand explain" -l format -d 'How to print them' -r -f -a "text\t'For people'
json\t'An array of rules'
markdown\t'A page a rule'"
complete -c keyway -n "__fish_keyway_using_subcommand explain" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand explain" -l all -d 'Every code'
complete -c keyway -n "__fish_keyway_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l cert -d 'The certificate with its chain; comes with --key and --host where the file names none yet' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l key -d 'Its private key' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l password-file -d 'A file with the password of the key, on its first line' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l password-env -d 'An environment variable that holds the password of the key' -r
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l host -d 'A name that clients ask for (may be repeated); where the file has certificates for hosts of their own, it says whose files --cert and --key are' -r
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l leaf-domain-label -d 'The first label of a managed name, without the six characters that are added to it' -r
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l region -d 'The second label of a managed name' -r
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l zone -d 'The zone of a managed name' -r
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l ssl-overwrite-domain -d 'The same, as Azure writes it' -r
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l roots -d 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l profile -d 'Which rules apply to the certificate' -r -f -a "webpki\t'RFC 5280 and the CA/B Forum rules that browsers apply'
rfc5280\t'RFC 5280 alone'
private\t'An own CA: what clients need to accept it'"
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l at -d 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l state -d 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l upstream -d 'What is behind, http://HOST:PORT (may be repeated), in the place of what the file says' -r
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l overwrite-existing-domain -d 'Make a new managed name in place of the one there is'
complete -c keyway -n "__fish_keyway_using_subcommand enable" -l dry-run -d 'Print what would change, as a diff, and write nothing'
complete -c keyway -n "__fish_keyway_using_subcommand enable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand update" -l cert -d 'The certificate with its chain; comes with --key and --host where the file names none yet' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand update" -l key -d 'Its private key' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand update" -l password-file -d 'A file with the password of the key, on its first line' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand update" -l password-env -d 'An environment variable that holds the password of the key' -r
complete -c keyway -n "__fish_keyway_using_subcommand update" -l host -d 'A name that clients ask for (may be repeated); where the file has certificates for hosts of their own, it says whose files --cert and --key are' -r
complete -c keyway -n "__fish_keyway_using_subcommand update" -l leaf-domain-label -d 'The first label of a managed name, without the six characters that are added to it' -r
complete -c keyway -n "__fish_keyway_using_subcommand update" -l region -d 'The second label of a managed name' -r
complete -c keyway -n "__fish_keyway_using_subcommand update" -l zone -d 'The zone of a managed name' -r
complete -c keyway -n "__fish_keyway_using_subcommand update" -l ssl-overwrite-domain -d 'The same, as Azure writes it' -r
complete -c keyway -n "__fish_keyway_using_subcommand update" -l roots -d 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand update" -l profile -d 'Which rules apply to the certificate' -r -f -a "webpki\t'RFC 5280 and the CA/B Forum rules that browsers apply'
rfc5280\t'RFC 5280 alone'
private\t'An own CA: what clients need to accept it'"
complete -c keyway -n "__fish_keyway_using_subcommand update" -l at -d 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand update" -l state -d 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand update" -l ssl-renew -d 'The same, as Azure writes it' -r
complete -c keyway -n "__fish_keyway_using_subcommand update" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand update" -l overwrite-existing-domain -d 'Make a new managed name in place of the one there is'
complete -c keyway -n "__fish_keyway_using_subcommand update" -l dry-run -d 'Print what would change, as a diff, and write nothing'
complete -c keyway -n "__fish_keyway_using_subcommand update" -l renew -d 'Ask for a renewal of the managed certificate, due or not: `keyway serve` follows, and `keyway renew`'
complete -c keyway -n "__fish_keyway_using_subcommand update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand renew" -l csr -d 'Write a signing request (PKCS#10) for a CA by hand; its key stays here, and waits for --signed' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand renew" -l signed -d 'Put in place what the CA signed: the certificate with its chain, in any form' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand renew" -l timer -d 'Print what runs this twice a day, and do nothing else' -r -f -a "systemd\t'Two units of systemd'
cron\t'A line of crontab'"
complete -c keyway -n "__fish_keyway_using_subcommand renew" -l then -d 'Run this, without a shell, once a new certificate is in its place: all words that follow, as `--then systemctl reload nginx`, for a server that does not look at its files itself. Where it fails, it is run again the next time' -r
complete -c keyway -n "__fish_keyway_using_subcommand renew" -l roots -d 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand renew" -l profile -d 'Which rules apply to the certificate' -r -f -a "webpki\t'RFC 5280 and the CA/B Forum rules that browsers apply'
rfc5280\t'RFC 5280 alone'
private\t'An own CA: what clients need to accept it'"
complete -c keyway -n "__fish_keyway_using_subcommand renew" -l at -d 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand renew" -l state -d 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand renew" -l store -d 'Share the managed certificate with other replicas, of which one renews it: s3://BUCKET/PREFIX, az://CONTAINER/PREFIX, gs://BUCKET/PREFIX with credentials from the environment, or file:///FOLDER' -r
complete -c keyway -n "__fish_keyway_using_subcommand renew" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand renew" -l force -d 'Renew it although it is not due'
complete -c keyway -n "__fish_keyway_using_subcommand renew" -l dry-run -d 'Say whether it is due, what would be done, and what the DNS says of it; no CA is asked'
complete -c keyway -n "__fish_keyway_using_subcommand renew" -l no-preflight -d 'Order although the CA will say no, by what is seen from here: where names lead elsewhere for others'
complete -c keyway -n "__fish_keyway_using_subcommand renew" -l staging -d 'Ask Let\'s Encrypt\'s CA for trying things: nobody trusts its certificate, and the one that is served stays'
complete -c keyway -n "__fish_keyway_using_subcommand renew" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand disable" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand disable" -l dry-run -d 'Print what would change, as a diff, and write nothing'
complete -c keyway -n "__fish_keyway_using_subcommand disable" -s h -l help -d 'Print help'
complete -c keyway -n "__fish_keyway_using_subcommand status" -l state -d 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand status" -l roots -d 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand status" -l profile -d 'Which rules apply to the certificate' -r -f -a "webpki\t'RFC 5280 and the CA/B Forum rules that browsers apply'
rfc5280\t'RFC 5280 alone'
private\t'An own CA: what clients need to accept it'"
complete -c keyway -n "__fish_keyway_using_subcommand status" -l at -d 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand status" -l resolver -d 'A resolver to ask, as ADDRESS or ADDRESS:PORT (at most 8: the first that answers counts) [default: those of the file, else of the system]' -r
complete -c keyway -n "__fish_keyway_using_subcommand status" -l server -d 'A server of the zone to ask in their place, as ADDRESS, ADDRESS:PORT or NAME (at most 8: the first that answers counts)' -r
complete -c keyway -n "__fish_keyway_using_subcommand status" -l timeout -d 'How long a server is waited for, seconds' -r
complete -c keyway -n "__fish_keyway_using_subcommand status" -l connect-port -d 'The port to connect to [default: that of the endpoint, else the first that is listened on, else 443]' -r
complete -c keyway -n "__fish_keyway_using_subcommand status" -l format -d 'How to print it' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c keyway -n "__fish_keyway_using_subcommand status" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand status" -l offline -d 'Read files only: ask no server, and connect to nothing'
complete -c keyway -n "__fish_keyway_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l cert -d 'Without a service file: the certificate with its chain' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l key -d 'Without a service file: its private key' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l host -d 'Without a service file: a name that clients ask for (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l listen -d 'Without a service file: an address to listen on, with port (may be repeated) [default: [::]:443, in plain text [::]:80]' -r
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l upstream -d 'Without a service file: what is behind, http://HOST:PORT, or HOST:PORT for any other protocol (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l threads -d 'Threads that serve, each with sockets of its own [default: as many as there are processors]' -r
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l access-log -d 'How requests are logged, on standard output' -r -f -a "none\t'Not at all'
text\t'One line each, for people'
json\t'One JSON object each, and one for each connection that came to nothing (`refused` has its code)'"
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l metrics -d 'An address to answer /metrics (for Prometheus), /healthz and /readyz at, in plain HTTP; keep it from strangers' -r
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l unsafe-keylog -d 'Write the secrets of every connection to a file, for Wireshark and the like: who reads it reads everything' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l user -d 'Become this user, by name or number, once every address is bound; its files have to be readable for it' -r
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l state -d 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l store -d 'Share the managed certificate with other replicas, of which one renews it: s3://BUCKET/PREFIX, az://CONTAINER/PREFIX, gs://BUCKET/PREFIX with credentials from the environment, or file:///FOLDER' -r
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l roots -d 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l profile -d 'Which rules apply to the certificate' -r -f -a "webpki\t'RFC 5280 and the CA/B Forum rules that browsers apply'
rfc5280\t'RFC 5280 alone'
private\t'An own CA: what clients need to accept it'"
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l at -d 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l check -d 'Read and judge everything, bind nothing, and say whether it could be served'
complete -c keyway -n "__fish_keyway_using_subcommand serve" -l no-sandbox -d 'Do without the sandbox (Landlock) in which nothing is written or started, and nothing read but what the system is made of and the folders of the service\'s files'
complete -c keyway -n "__fish_keyway_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand config; and not __fish_seen_subcommand_from check prove show schema export import" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand config; and not __fish_seen_subcommand_from check prove show schema export import" -s h -l help -d 'Print help'
complete -c keyway -n "__fish_keyway_using_subcommand config; and not __fish_seen_subcommand_from check prove show schema export import" -f -a "check" -d 'Say what is wrong with a service file, and with the certificates that it names'
complete -c keyway -n "__fish_keyway_using_subcommand config; and not __fish_seen_subcommand_from check prove show schema export import" -f -a "prove" -d 'Serve it on loopback, shake hands in every way, and say of each setting what was seen of it'
complete -c keyway -n "__fish_keyway_using_subcommand config; and not __fish_seen_subcommand_from check prove show schema export import" -f -a "show" -d 'Print a service file as it is understood, without its secrets'
complete -c keyway -n "__fish_keyway_using_subcommand config; and not __fish_seen_subcommand_from check prove show schema export import" -f -a "schema" -d 'Print the JSON Schema of service files'
complete -c keyway -n "__fish_keyway_using_subcommand config; and not __fish_seen_subcommand_from check prove show schema export import" -f -a "export" -d 'Print a service in a form of another tool'
complete -c keyway -n "__fish_keyway_using_subcommand config; and not __fish_seen_subcommand_from check prove show schema export import" -f -a "import" -d 'Print another tool\'s form as a service file'
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from check" -l roots -d 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from check" -l profile -d 'Which rules apply to the certificate' -r -f -a "webpki\t'RFC 5280 and the CA/B Forum rules that browsers apply'
rfc5280\t'RFC 5280 alone'
private\t'An own CA: what clients need to accept it'"
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from check" -l at -d 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from check" -l format -d 'How to print the findings' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from check" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from prove" -l roots -d 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from prove" -l profile -d 'Which rules apply to the certificate' -r -f -a "webpki\t'RFC 5280 and the CA/B Forum rules that browsers apply'
rfc5280\t'RFC 5280 alone'
private\t'An own CA: what clients need to accept it'"
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from prove" -l at -d 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from prove" -l format -d 'How to print it' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from prove" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from prove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from schema" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help'
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from export" -l to -d 'The form' -r -f -a "azure-json\t'`SslConfiguration` of Azure ML v1, as JSON; certificate and key are the PEM texts'
azure-cluster\t'Arguments of `enable_ssl` of Azure ML v1 as JSON, for a new cluster; certificate and key are paths'
azure-container\t'Arguments of `AciWebservice.deploy_configuration` as JSON, for a single container'
azure-cli\t'The command line `az ml computetarget update aks`; certificate and key are paths'
azure-python\t'Python for `azureml.core`: read are calls with literal arguments, and nothing is executed'
kubernetes-secret\t'TLS Secrets of Kubernetes: they hold the private keys'
kubernetes-ingress\t'Ingress of Kubernetes'
gateway\t'Gateway and HTTPRoute of the Gateway API'
cert-manager\t'Certificate of cert-manager'
kubernetes-deployment\t'ConfigMap, Deployment, Service and PodDisruptionBudget that run the service in a cluster'
nginx\t'Servers of nginx: below `http`, or `stream` in TCP mode'
haproxy\t'Frontends and backends of HAProxy'
caddy\t'A Caddyfile'
systemd\t'A systemd unit that serves the service file'"
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from export" -l replicas -d 'How many pods run the service, in kubernetes-deployment' -r
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from export" -l image -d 'The image that they run' -r
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from export" -l roots -d 'Whom to trust where it is served, in systemd and kubernetes-deployment: mozilla, system, none, or a file or folder of CA certificates, which go into the ConfigMap (may be repeated)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from export" -l profile -d 'Which rules apply to the certificate there' -r -f -a "webpki\t'RFC 5280 and the CA/B Forum rules that browsers apply'
rfc5280\t'RFC 5280 alone'
private\t'An own CA: what clients need to accept it'"
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from export" -l at -d 'The moment at which it is to start there: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from export" -l class -d 'The class of an Ingress or a Gateway [default: the cluster\'s; for a Gateway nginx]' -r
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from export" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from export" -l post-quantum -d 'Name the group X25519MLKEM768 in nginx, haproxy and caddy: their OpenSSL is 3.5 or newer, Caddy 2.10 or newer'
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from import" -l from -d 'The form' -r -f -a "azure-json\t'`SslConfiguration` of Azure ML v1, as JSON; certificate and key are the PEM texts'
azure-cluster\t'Arguments of `enable_ssl` of Azure ML v1 as JSON, for a new cluster; certificate and key are paths'
azure-container\t'Arguments of `AciWebservice.deploy_configuration` as JSON, for a single container'
azure-cli\t'The command line `az ml computetarget update aks`; certificate and key are paths'
azure-python\t'Python for `azureml.core`: read are calls with literal arguments, and nothing is executed'
kubernetes-secret\t'TLS Secrets of Kubernetes: they hold the private keys'
kubernetes-ingress\t'Ingress of Kubernetes'
nginx\t'Servers of nginx: below `http`, or `stream` in TCP mode'
haproxy\t'Frontends and backends of HAProxy'"
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from import" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand config; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and not __fish_seen_subcommand_from plan apply verify wait check-zone format-zone caa" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and not __fish_seen_subcommand_from plan apply verify wait check-zone format-zone caa" -s h -l help -d 'Print help'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and not __fish_seen_subcommand_from plan apply verify wait check-zone format-zone caa" -f -a "plan" -d 'Say which records a service needs, and the changes that lead there'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and not __fish_seen_subcommand_from plan apply verify wait check-zone format-zone caa" -f -a "apply" -d 'Make the changes of a plan, exactly (RFC 2136)'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and not __fish_seen_subcommand_from plan apply verify wait check-zone format-zone caa" -f -a "verify" -d 'Ask every server whether the records are there'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and not __fish_seen_subcommand_from plan apply verify wait check-zone format-zone caa" -f -a "wait" -d 'Ask again and again until every server has them'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and not __fish_seen_subcommand_from plan apply verify wait check-zone format-zone caa" -f -a "check-zone" -d 'Say what is wrong with zone files'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and not __fish_seen_subcommand_from plan apply verify wait check-zone format-zone caa" -f -a "format-zone" -d 'Print a zone file canonically: sorted, a record a line, every name and every TTL written out'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and not __fish_seen_subcommand_from plan apply verify wait check-zone format-zone caa" -f -a "caa" -d 'Say whether a CA may issue for a name, which CAA record decides, and what would have to change'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l host -d 'A name that clients ask for (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l endpoint -d 'Where the service is: an address (may be repeated), a name, or a URL with one of them' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l zone -d 'The zone that the records are in [default: found by asking]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l ttl -d 'How long answers may be remembered, seconds [default: the file\'s, else 300]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l ca -d 'A CA that may issue, by its CAA domain: letsencrypt.org (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l account -d 'The account at the CA that may ask, as a URI (RFC 8657)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l method -d 'A method of validation that the CA may use: dns-01 (may be repeated; RFC 8657)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l tlsa -d 'A certificate whose key TLSA records pin: the one in use, then the next one (RFC 6698)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l tlsa-port -d 'The TCP port of the pinned service [default: that of the endpoint, else 443]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l challenge -d 'A value that a CA looks for at _acme-challenge, 43 letters of base64url (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l challenge-done -d 'A value at _acme-challenge that has done its work, and goes; those of others stay (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l persist-until -d 'The moment from which that record holds no more: 2027-11-23, or @SECONDS' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l state -d 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l zone-file -d 'Plan against a zone file, and ask nobody' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l resolver -d 'A resolver to ask, as ADDRESS or ADDRESS:PORT (may be repeated) [default: those of the system]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l server -d 'A server of the zone, as ADDRESS, ADDRESS:PORT or NAME (may be repeated) [default: found by asking]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l port -d 'The port of the zone\'s servers, where none is named' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l timeout -d 'How long a server is waited for, seconds' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l tsig -d 'A key file as `tsig-keygen` prints it (RFC 8945) [default: the service file\'s key]' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l out -d 'Write the plan to this file, for `keyway dns apply`' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l render -d 'Print the plan for somebody who carries it out' -r -f -a "zone\t'Lines of a zone file'
nsupdate\t'Input of nsupdate(1)'
azure-cli\t'Commands of Azure\'s az'
route53\t'Change batches of Amazon Route 53'
octodns\t'octoDNS\'s YAML'
card\t'What to type into a registrar\'s form'"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l max-share -d 'How much of the zone\'s records may go, percent; of a zone that nobody has looked at all of, none [default: 25, or 4 records where that is more; 16 where the number is not known]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l format -d 'How to print the plan' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l https -d 'Make an HTTPS record with the service\'s protocols (RFC 9460)'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l hints -d 'Put the addresses into the HTTPS record, too'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l persist -d 'Let the CA validate again and again by a record at _validation-persist (dns-persist-01, a draft)'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l transfer -d 'Fetch the whole zone (AXFR, RFC 5936), so that everything in it counts'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l yes-really -d 'Take away however much of the zone it is, and addresses of hosts that NS records name as servers, too'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l replace-others -d 'Take away what others may have beside what is planned, too: pins other than 3 1 1, CAA of other CAs and accounts, other values at _acme-challenge and _validation-persist'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -l settled -d 'What the plan starts from, and where it leads, has stood for longer than caches remember: nothing waits for that'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from apply" -l plan -d 'The plan, as `keyway dns plan --out` wrote it' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from apply" -l resolver -d 'A resolver to ask, as ADDRESS or ADDRESS:PORT (may be repeated) [default: those of the system]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from apply" -l server -d 'A server of the zone, as ADDRESS, ADDRESS:PORT or NAME (may be repeated) [default: found by asking]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from apply" -l port -d 'The port of the zone\'s servers, where none is named' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from apply" -l timeout -d 'How long a server is waited for, seconds' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from apply" -l tsig -d 'A key file as `tsig-keygen` prints it (RFC 8945) [default: the service file\'s key]' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from apply" -l deadline -d 'Wait no longer than this in all, looks at the servers included; what a step left is looked at all the same [default: for servers that are behind an hour, for caches as long as it takes]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from apply" -l at -d 'The moment to sign at: 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from apply" -l format -d 'How to print what was done' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from apply" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from apply" -l wait -d 'Wait between steps as long as the plan says, instead of stopping there'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from apply" -l key-switched -d 'Take old pins away: the service serves with a key that stays pinned, in all its places'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from apply" -l no-other-servers -d 'Go on where nobody can say which servers resolvers may come to beside those that are asked: there are no others'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l host -d 'A name that clients ask for (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l endpoint -d 'Where the service is: an address (may be repeated), a name, or a URL with one of them' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l zone -d 'The zone that the records are in [default: found by asking]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l ttl -d 'How long answers may be remembered, seconds [default: the file\'s, else 300]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l ca -d 'A CA that may issue, by its CAA domain: letsencrypt.org (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l account -d 'The account at the CA that may ask, as a URI (RFC 8657)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l method -d 'A method of validation that the CA may use: dns-01 (may be repeated; RFC 8657)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l tlsa -d 'A certificate whose key TLSA records pin: the one in use, then the next one (RFC 6698)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l tlsa-port -d 'The TCP port of the pinned service [default: that of the endpoint, else 443]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l challenge -d 'A value that a CA looks for at _acme-challenge, 43 letters of base64url (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l challenge-done -d 'A value at _acme-challenge that has done its work, and goes; those of others stay (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l persist-until -d 'The moment from which that record holds no more: 2027-11-23, or @SECONDS' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l state -d 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l plan -d 'A plan that was carried out: its records are looked for' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l resolver -d 'A resolver to ask, as ADDRESS or ADDRESS:PORT (may be repeated) [default: those of the system]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l server -d 'A server of the zone, as ADDRESS, ADDRESS:PORT or NAME (may be repeated) [default: found by asking]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l port -d 'The port of the zone\'s servers, where none is named' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l timeout -d 'How long a server is waited for, seconds' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l cert -d 'Connect to every address, and hold the certificate that is served there against this one' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l connect-port -d 'The port to connect to [default: that of the endpoint, else 443]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l at -d 'The moment to reckon from: 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l format -d 'How to print what was seen' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l https -d 'Make an HTTPS record with the service\'s protocols (RFC 9460)'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l hints -d 'Put the addresses into the HTTPS record, too'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l persist -d 'Let the CA validate again and again by a record at _validation-persist (dns-persist-01, a draft)'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -l no-other-servers -d 'Count on there being no servers that resolvers may come to beside those that can be named'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l host -d 'A name that clients ask for (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l endpoint -d 'Where the service is: an address (may be repeated), a name, or a URL with one of them' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l zone -d 'The zone that the records are in [default: found by asking]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l ttl -d 'How long answers may be remembered, seconds [default: the file\'s, else 300]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l ca -d 'A CA that may issue, by its CAA domain: letsencrypt.org (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l account -d 'The account at the CA that may ask, as a URI (RFC 8657)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l method -d 'A method of validation that the CA may use: dns-01 (may be repeated; RFC 8657)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l tlsa -d 'A certificate whose key TLSA records pin: the one in use, then the next one (RFC 6698)' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l tlsa-port -d 'The TCP port of the pinned service [default: that of the endpoint, else 443]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l challenge -d 'A value that a CA looks for at _acme-challenge, 43 letters of base64url (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l challenge-done -d 'A value at _acme-challenge that has done its work, and goes; those of others stay (may be repeated)' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l persist-until -d 'The moment from which that record holds no more: 2027-11-23, or @SECONDS' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l state -d 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l plan -d 'A plan that was carried out: its records are looked for' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l resolver -d 'A resolver to ask, as ADDRESS or ADDRESS:PORT (may be repeated) [default: those of the system]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l server -d 'A server of the zone, as ADDRESS, ADDRESS:PORT or NAME (may be repeated) [default: found by asking]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l port -d 'The port of the zone\'s servers, where none is named' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l timeout -d 'How long a server is waited for, seconds' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l cert -d 'Connect to every address, and hold the certificate that is served there against this one' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l connect-port -d 'The port to connect to [default: that of the endpoint, else 443]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l at -d 'The moment to reckon from: 2026-11-23T12:00:00Z or @SECONDS [default: now]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l format -d 'How to print what was seen' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l deadline -d 'Give up after so many seconds, looks included; one of a second is taken at least' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l https -d 'Make an HTTPS record with the service\'s protocols (RFC 9460)'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l hints -d 'Put the addresses into the HTTPS record, too'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l persist -d 'Let the CA validate again and again by a record at _validation-persist (dns-persist-01, a draft)'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -l no-other-servers -d 'Count on there being no servers that resolvers may come to beside those that can be named'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from check-zone" -l origin -d 'The name of the zone [default: that of the file\'s first SOA record, where it is written whole]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from check-zone" -l include -d 'Follow $INCLUDE, to files in this folder and nowhere else' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from check-zone" -l format -d 'How to print the findings' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from check-zone" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from check-zone" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from format-zone" -l origin -d 'The name of the zone [default: that of the file\'s first SOA record, where it is written whole]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from format-zone" -l include -d 'Follow $INCLUDE, to files in this folder and nowhere else' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from format-zone" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from format-zone" -s h -l help -d 'Print help'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from caa" -l ca -d 'The CA, by the domain that it looks for in CAA, for example letsencrypt.org' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from caa" -l account -d 'The URI of the account that asks the CA' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from caa" -l method -d 'How the CA is shown that the name is yours, for example http-01, dns-01, tls-alpn-01' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from caa" -l resolver -d 'A resolver to ask, as ADDRESS or ADDRESS:PORT (may be repeated) [default: those of the system]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from caa" -l server -d 'A server of the zone, as ADDRESS, ADDRESS:PORT or NAME (may be repeated) [default: found by asking]' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from caa" -l port -d 'The port of the zone\'s servers, where none is named' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from caa" -l timeout -d 'How long a server is waited for, seconds' -r
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from caa" -l format -d 'How to print the answer' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from caa" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from caa" -l wildcard -d 'Ask for a wildcard of the name'
complete -c keyway -n "__fish_keyway_using_subcommand dns; and __fish_seen_subcommand_from caa" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keyway -n "__fish_keyway_using_subcommand completions" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand completions" -s h -l help -d 'Print help'
complete -c keyway -n "__fish_keyway_using_subcommand man" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand man" -s h -l help -d 'Print help'
complete -c keyway -n "__fish_keyway_using_subcommand generate" -l out -d 'Folder to write into' -r -F
complete -c keyway -n "__fish_keyway_using_subcommand generate" -l color -d 'When to use colour; `auto` follows the terminal and `NO_COLOR`' -r -f -a "auto\t''
always\t''
never\t''"
complete -c keyway -n "__fish_keyway_using_subcommand generate" -s h -l help -d 'Print help (see more with \'--help\')'
