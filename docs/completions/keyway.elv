
use builtin;
use str;

set edit:completion:arg-completer[keyway] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'keyway'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'keyway'= {
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand check 'Say what files hold, whether a server can use them, and who will accept them'
            cand fix 'Write the files that a server wants, out of whatever was given'
            cand inspect 'Show what files hold, without judging it'
            cand scan 'Check every file below folders: a line for each with certificates, and a summary'
            cand explain 'Explain a finding by its code'
            cand enable 'Put a service behind TLS, with an own certificate or a managed name'
            cand update 'Give a service new certificate files, another name, or a renewed certificate'
            cand disable 'Take a service from behind TLS; its certificate stays named'
            cand status 'Show how a service stands: name, certificate, time left, next renewal'
            cand config 'Check, show, import and export service files'
            cand dns 'Check and format zone files'
            cand completions 'Print a shell''s completions'
            cand man 'Print the manual page'
            cand generate 'Write the generated pages of the project'
        }
        &'keyway;check'= {
            cand --key 'A private key in a file of its own (may be repeated)'
            cand --crl 'A certificate revocation list (may be repeated)'
            cand --password-file 'A file with the password of what is encrypted, on its first line (may be repeated)'
            cand --password-env 'An environment variable that holds the password (may be repeated)'
            cand --host 'A name or address that clients will ask for, not a pattern (may be repeated); with --purpose client, a name that the certificate has to carry'
            cand --at 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]'
            cand --roots 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)'
            cand --purpose 'What the certificate is for'
            cand --profile 'Which rules apply: public servers (webpki), RFC 5280 alone, or an own CA (private)'
            cand --max-intermediates 'At most this many intermediates between server certificate and root; more than 6 are never followed, as rustls-webpki does not'
            cand --warn-at 'Warn when less than this share of the lifetime is left'
            cand --format 'How to print the report'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -q 'Print only errors, one a line (text only)'
            cand --quiet 'Print only errors, one a line (text only)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'keyway;fix'= {
            cand --key 'A private key in a file of its own (may be repeated)'
            cand --crl 'A certificate revocation list (may be repeated)'
            cand --password-file 'A file with the password of what is encrypted, on its first line (may be repeated)'
            cand --password-env 'An environment variable that holds the password (may be repeated)'
            cand --host 'A name or address that clients will ask for, not a pattern (may be repeated); with --purpose client, a name that the certificate has to carry'
            cand --at 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]'
            cand --roots 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)'
            cand --purpose 'What the certificate is for'
            cand --profile 'Which rules apply: public servers (webpki), RFC 5280 alone, or an own CA (private)'
            cand --max-intermediates 'At most this many intermediates between server certificate and root; more than 6 are never followed, as rustls-webpki does not'
            cand --warn-at 'Warn when less than this share of the lifetime is left'
            cand --out 'Folder to write into; made when it is not there'
            cand --to 'What to write'
            cand --to-password-file 'With --to p12: a file with the password for the PKCS#12 file that is written, on its first line'
            cand --to-password-env 'With --to p12: an environment variable that holds the password for the PKCS#12 file that is written'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand --keep-root 'Keep the root at the end of the chain'
            cand --force 'Replace files of an earlier run; those that are not written anew are kept as NAME.old'
            cand -q 'Print only what could not be repaired'
            cand --quiet 'Print only what could not be repaired'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'keyway;inspect'= {
            cand --key 'A private key in a file of its own (may be repeated)'
            cand --crl 'A certificate revocation list (may be repeated)'
            cand --password-file 'A file with the password of what is encrypted, on its first line (may be repeated)'
            cand --password-env 'An environment variable that holds the password (may be repeated)'
            cand --format 'How to print the facts'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'keyway;scan'= {
            cand --password-file 'A file with the password of what is encrypted, on its first line (may be repeated)'
            cand --password-env 'An environment variable that holds the password (may be repeated)'
            cand --host 'A name or address that clients will ask for, not a pattern (may be repeated); with --purpose client, a name that the certificate has to carry'
            cand --at 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]'
            cand --roots 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)'
            cand --purpose 'What the certificate is for'
            cand --profile 'Which rules apply: public servers (webpki), RFC 5280 alone, or an own CA (private)'
            cand --max-intermediates 'At most this many intermediates between server certificate and root; more than 6 are never followed, as rustls-webpki does not'
            cand --warn-at 'Warn when less than this share of the lifetime is left'
            cand --format 'How to print the lines'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -q 'Print only files with errors, and the summary (text only)'
            cand --quiet 'Print only files with errors, and the summary (text only)'
            cand -v 'Also print a line for files below folders that hold no certificate (text only)'
            cand --verbose 'Also print a line for files below folders that hold no certificate (text only)'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'keyway;explain'= {
            cand --format 'How to print them'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand --all 'Every code'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'keyway;enable'= {
            cand --cert 'The certificate with its chain; comes with --key and --host'
            cand --key 'Its private key'
            cand --password-file 'A file with the password of the key, on its first line'
            cand --password-env 'An environment variable that holds the password of the key'
            cand --host 'A name that clients ask for (may be repeated)'
            cand --leaf-domain-label 'The first label of a managed name, without the six characters that are added to it'
            cand --region 'The second label of a managed name'
            cand --zone 'The zone of a managed name'
            cand --ssl-overwrite-domain 'The same, as Azure writes it'
            cand --roots 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)'
            cand --profile 'Which rules apply to the certificate'
            cand --at 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]'
            cand --state 'Folder of the names that were made [default: `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand --overwrite-existing-domain 'Make a new managed name in place of the one there is'
            cand --dry-run 'Print what would change, as a diff, and write nothing'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'keyway;update'= {
            cand --cert 'The certificate with its chain; comes with --key and --host'
            cand --key 'Its private key'
            cand --password-file 'A file with the password of the key, on its first line'
            cand --password-env 'An environment variable that holds the password of the key'
            cand --host 'A name that clients ask for (may be repeated)'
            cand --leaf-domain-label 'The first label of a managed name, without the six characters that are added to it'
            cand --region 'The second label of a managed name'
            cand --zone 'The zone of a managed name'
            cand --ssl-overwrite-domain 'The same, as Azure writes it'
            cand --roots 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)'
            cand --profile 'Which rules apply to the certificate'
            cand --at 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]'
            cand --state 'Folder of the names that were made [default: `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand --overwrite-existing-domain 'Make a new managed name in place of the one there is'
            cand --dry-run 'Print what would change, as a diff, and write nothing'
            cand --renew 'Renew the managed certificate, due or not'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'keyway;disable'= {
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand --dry-run 'Print what would change, as a diff, and write nothing'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyway;status'= {
            cand --roots 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)'
            cand --profile 'Which rules apply to the certificate'
            cand --at 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]'
            cand --format 'How to print it'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'keyway;config'= {
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -h 'Print help'
            cand --help 'Print help'
            cand check 'Say what is wrong with a service file, and with the certificates that it names'
            cand show 'Print a service file as it is understood, without its secrets'
            cand schema 'Print the JSON Schema of service files'
            cand export 'Print a service in a form of another tool'
            cand import 'Print another tool''s form as a service file'
        }
        &'keyway;config;check'= {
            cand --roots 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)'
            cand --profile 'Which rules apply to the certificate'
            cand --at 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]'
            cand --format 'How to print the findings'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'keyway;config;show'= {
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyway;config;schema'= {
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyway;config;export'= {
            cand --to 'The form'
            cand --replicas 'How many pods run the service, in kubernetes-deployment'
            cand --image 'The image that they run'
            cand --class 'The class of an Ingress or a Gateway [default: the cluster''s; for a Gateway nginx]'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand --post-quantum 'Name the group X25519MLKEM768 in nginx, haproxy and caddy: their OpenSSL is 3.5 or newer, Caddy 2.10 or newer'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'keyway;config;import'= {
            cand --from 'The form'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'keyway;dns'= {
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -h 'Print help'
            cand --help 'Print help'
            cand check-zone 'Say what is wrong with zone files'
            cand format-zone 'Print a zone file canonically: sorted, a record a line, every name and every TTL written out'
            cand caa 'Say whether a CA may issue for a name, which CAA record decides, and what would have to change'
        }
        &'keyway;dns;check-zone'= {
            cand --origin 'The name of the zone [default: that of the file''s first SOA record, where it is written whole]'
            cand --include 'Follow $INCLUDE, to files in this folder and nowhere else'
            cand --format 'How to print the findings'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'keyway;dns;format-zone'= {
            cand --origin 'The name of the zone [default: that of the file''s first SOA record, where it is written whole]'
            cand --include 'Follow $INCLUDE, to files in this folder and nowhere else'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyway;dns;caa'= {
            cand --ca 'The CA, by the domain that it looks for in CAA, for example letsencrypt.org'
            cand --account 'The URI of the account that asks the CA'
            cand --method 'How the CA is shown that the name is yours, for example http-01, dns-01, tls-alpn-01'
            cand --resolver 'A resolver to ask, as ADDRESS or ADDRESS:PORT (may be repeated) [default: those of the system]'
            cand --server 'A server of the zone, as ADDRESS, ADDRESS:PORT or NAME (may be repeated) [default: found by asking]'
            cand --port 'The port of the zone''s servers, where none is named'
            cand --timeout 'How long a server is waited for, seconds'
            cand --format 'How to print the answer'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand --wildcard 'Ask for a wildcard of the name'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'keyway;completions'= {
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyway;man'= {
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'keyway;generate'= {
            cand --out 'Folder to write into'
            cand --color 'When to use colour; `auto` follows the terminal and `NO_COLOR`'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
    ]
    $completions[$command]
}
