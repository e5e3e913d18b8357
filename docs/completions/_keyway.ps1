
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'keyway' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'keyway'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'keyway' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('up', 'up', [CompletionResultType]::ParameterValue, 'From nothing to https: make what is missing, serve, and prove it')
            [CompletionResult]::new('dev', 'dev', [CompletionResultType]::ParameterValue, 'Certificates for development, by a CA of one''s own')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say what files hold, or what is served, whether a server can use it, and who will accept it')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Write the files that a server wants, out of whatever was given')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show what files hold, without judging it')
            [CompletionResult]::new('scan', 'scan', [CompletionResultType]::ParameterValue, 'Check every file below folders: a line for each with certificates, and a summary')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a finding by its code')
            [CompletionResult]::new('enable', 'enable', [CompletionResultType]::ParameterValue, 'Put a service behind TLS, with an own certificate or a managed name')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Give a service new certificate files, another name, or a renewed certificate')
            [CompletionResult]::new('renew', 'renew', [CompletionResultType]::ParameterValue, 'Renew a managed certificate where it is due, check it, put it in place, and look that it is served')
            [CompletionResult]::new('disable', 'disable', [CompletionResultType]::ParameterValue, 'Take a service from behind TLS; its certificate stays named')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how a service stands: name, certificate, time left, next renewal, what is served, DNS')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve a service: TLS in front of what is behind, with certificates that were checked')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Check, show, import and export service files')
            [CompletionResult]::new('dns', 'dns', [CompletionResultType]::ParameterValue, 'Plan, change, verify and wait for DNS records; check zone files; judge CAA')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completions')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Write the generated pages of the project')
            break
        }
        'keyway;up' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A name or address that clients ask for (may be repeated) [default: localhost, 127.0.0.1 and ::1]; for a name that others own, too, keyway.toml is written, and a public CA is asked')
            [CompletionResult]::new('--upstream', '--upstream', [CompletionResultType]::ParameterName, 'What is behind, http://HOST:PORT [default: a page that says that it works]')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'An address to listen on, with port (may be repeated) [default: 127.0.0.1:8443 and [::1]:8443]')
            [CompletionResult]::new('--roots', '--roots', [CompletionResultType]::ParameterName, 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which rules apply to the certificate')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Share the managed certificate with other replicas, of which one renews it: s3://BUCKET/PREFIX, az://CONTAINER/PREFIX, gs://BUCKET/PREFIX with credentials from the environment, or file:///FOLDER')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;dev' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('ca', 'ca', [CompletionResultType]::ParameterValue, 'Make a CA for development, or show the one that is there')
            [CompletionResult]::new('cert', 'cert', [CompletionResultType]::ParameterValue, 'Make a certificate by it, with a new key')
            break
        }
        'keyway;dev;ca' {
            [CompletionResult]::new('--permit', '--permit', [CompletionResultType]::ParameterName, 'A name that the new CA may vouch for as well, with all below it, or an address (may be repeated)')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--anew', '--anew', [CompletionResultType]::ParameterName, 'Make a new one although there is one: what the old one vouched for is trusted no more by who trusts the new')
            [CompletionResult]::new('--install', '--install', [CompletionResultType]::ParameterName, 'Have it trusted on this machine: by the system''s programs (as root), and by browsers that keep a store of their own (NSS: Chromium, Firefox)')
            [CompletionResult]::new('--uninstall', '--uninstall', [CompletionResultType]::ParameterName, 'Have it trusted no more by either; its files stay')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;dev;cert' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The folder to write fullchain.pem and key.pem to')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Days that it is valid, at most 825')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Write over files that are there')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyway;check' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'A private key in a file of its own (may be repeated)')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'A certificate revocation list (may be repeated)')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'A file with the password of what is encrypted, on its first line (may be repeated)')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'An environment variable that holds the password (may be repeated)')
            [CompletionResult]::new('--connect', '--connect', [CompletionResultType]::ParameterName, 'Judge what is served there, instead of files or against them: HOST, HOST:PORT, or an address, IPv6 in brackets [default port: 443, with --starttls that of the protocol]')
            [CompletionResult]::new('--sni', '--sni', [CompletionResultType]::ParameterName, 'The name to ask the server for (SNI) [default: HOST; none where it is an address]')
            [CompletionResult]::new('--metrics', '--metrics', [CompletionResultType]::ParameterName, 'With FILE: where a running `keyway serve --metrics ADDRESS` is asked, in plain HTTP, whether it has loaded the certificate of the files (may be repeated, for each of several)')
            [CompletionResult]::new('--starttls', '--starttls', [CompletionResultType]::ParameterName, 'The protocol in which TLS begins')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a server is waited for, seconds, in each of some ten handshakes')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A name or address that clients will ask for, not a pattern (may be repeated); with --purpose client, a name that the certificate has to carry')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--roots', '--roots', [CompletionResultType]::ParameterName, 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)')
            [CompletionResult]::new('--purpose', '--purpose', [CompletionResultType]::ParameterName, 'What the certificate is for')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which rules apply: public servers (webpki), RFC 5280 alone, or an own CA (private)')
            [CompletionResult]::new('--max-intermediates', '--max-intermediates', [CompletionResultType]::ParameterName, 'At most this many intermediates between server certificate and root; more than 6 are never followed, as rustls-webpki does not')
            [CompletionResult]::new('--warn-at', '--warn-at', [CompletionResultType]::ParameterName, 'Warn when less than this share of the lifetime is left')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the report')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--all-addresses', '--all-addresses', [CompletionResultType]::ParameterName, 'Look at every address of the name (at most 32), and compare what they serve')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors, one a line (text only)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors, one a line (text only)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;fix' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'A private key in a file of its own (may be repeated)')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'A certificate revocation list (may be repeated)')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'A file with the password of what is encrypted, on its first line (may be repeated)')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'An environment variable that holds the password (may be repeated)')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A name or address that clients will ask for, not a pattern (may be repeated); with --purpose client, a name that the certificate has to carry')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--roots', '--roots', [CompletionResultType]::ParameterName, 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)')
            [CompletionResult]::new('--purpose', '--purpose', [CompletionResultType]::ParameterName, 'What the certificate is for')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which rules apply: public servers (webpki), RFC 5280 alone, or an own CA (private)')
            [CompletionResult]::new('--max-intermediates', '--max-intermediates', [CompletionResultType]::ParameterName, 'At most this many intermediates between server certificate and root; more than 6 are never followed, as rustls-webpki does not')
            [CompletionResult]::new('--warn-at', '--warn-at', [CompletionResultType]::ParameterName, 'Warn when less than this share of the lifetime is left')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Folder to write into; made when it is not there')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'What to write')
            [CompletionResult]::new('--to-password-file', '--to-password-file', [CompletionResultType]::ParameterName, 'With --to p12: a file with the password for the PKCS#12 file that is written, on its first line')
            [CompletionResult]::new('--to-password-env', '--to-password-env', [CompletionResultType]::ParameterName, 'With --to p12: an environment variable that holds the password for the PKCS#12 file that is written')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--keep-root', '--keep-root', [CompletionResultType]::ParameterName, 'Keep the root at the end of the chain')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace files of an earlier run; those that are not written anew are kept as NAME.old')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only what could not be repaired')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only what could not be repaired')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;inspect' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'A private key in a file of its own (may be repeated)')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'A certificate revocation list (may be repeated)')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'A file with the password of what is encrypted, on its first line (may be repeated)')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'An environment variable that holds the password (may be repeated)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the facts')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;scan' {
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'A file with the password of what is encrypted, on its first line (may be repeated)')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'An environment variable that holds the password (may be repeated)')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A name or address that clients will ask for, not a pattern (may be repeated); with --purpose client, a name that the certificate has to carry')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--roots', '--roots', [CompletionResultType]::ParameterName, 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)')
            [CompletionResult]::new('--purpose', '--purpose', [CompletionResultType]::ParameterName, 'What the certificate is for')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which rules apply: public servers (webpki), RFC 5280 alone, or an own CA (private)')
            [CompletionResult]::new('--max-intermediates', '--max-intermediates', [CompletionResultType]::ParameterName, 'At most this many intermediates between server certificate and root; more than 6 are never followed, as rustls-webpki does not')
            [CompletionResult]::new('--warn-at', '--warn-at', [CompletionResultType]::ParameterName, 'Warn when less than this share of the lifetime is left')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the lines')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only files with errors, and the summary (text only)')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only files with errors, and the summary (text only)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Also print a line for files below folders that hold no certificate (text only)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Also print a line for files below folders that hold no certificate (text only)')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;explain' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print them')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every code')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;enable' {
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'The certificate with its chain; comes with --key and --host where the file names none yet')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Its private key')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'A file with the password of the key, on its first line')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'An environment variable that holds the password of the key')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A name that clients ask for (may be repeated); where the file has certificates for hosts of their own, it says whose files --cert and --key are')
            [CompletionResult]::new('--leaf-domain-label', '--leaf-domain-label', [CompletionResultType]::ParameterName, 'The first label of a managed name, without the six characters that are added to it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The second label of a managed name')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The zone of a managed name')
            [CompletionResult]::new('--ssl-overwrite-domain', '--ssl-overwrite-domain', [CompletionResultType]::ParameterName, 'The same, as Azure writes it')
            [CompletionResult]::new('--roots', '--roots', [CompletionResultType]::ParameterName, 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which rules apply to the certificate')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]')
            [CompletionResult]::new('--upstream', '--upstream', [CompletionResultType]::ParameterName, 'What is behind, http://HOST:PORT (may be repeated), in the place of what the file says')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--overwrite-existing-domain', '--overwrite-existing-domain', [CompletionResultType]::ParameterName, 'Make a new managed name in place of the one there is')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print what would change, as a diff, and write nothing')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;update' {
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'The certificate with its chain; comes with --key and --host where the file names none yet')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Its private key')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'A file with the password of the key, on its first line')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'An environment variable that holds the password of the key')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A name that clients ask for (may be repeated); where the file has certificates for hosts of their own, it says whose files --cert and --key are')
            [CompletionResult]::new('--leaf-domain-label', '--leaf-domain-label', [CompletionResultType]::ParameterName, 'The first label of a managed name, without the six characters that are added to it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'The second label of a managed name')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The zone of a managed name')
            [CompletionResult]::new('--ssl-overwrite-domain', '--ssl-overwrite-domain', [CompletionResultType]::ParameterName, 'The same, as Azure writes it')
            [CompletionResult]::new('--roots', '--roots', [CompletionResultType]::ParameterName, 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which rules apply to the certificate')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]')
            [CompletionResult]::new('--ssl-renew', '--ssl-renew', [CompletionResultType]::ParameterName, 'The same, as Azure writes it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--overwrite-existing-domain', '--overwrite-existing-domain', [CompletionResultType]::ParameterName, 'Make a new managed name in place of the one there is')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print what would change, as a diff, and write nothing')
            [CompletionResult]::new('--renew', '--renew', [CompletionResultType]::ParameterName, 'Ask for a renewal of the managed certificate, due or not: `keyway serve` follows, and `keyway renew`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;renew' {
            [CompletionResult]::new('--csr', '--csr', [CompletionResultType]::ParameterName, 'Write a signing request (PKCS#10) for a CA by hand; its key stays here, and waits for --signed')
            [CompletionResult]::new('--signed', '--signed', [CompletionResultType]::ParameterName, 'Put in place what the CA signed: the certificate with its chain, in any form')
            [CompletionResult]::new('--timer', '--timer', [CompletionResultType]::ParameterName, 'Print what runs this twice a day, and do nothing else')
            [CompletionResult]::new('--then', '--then', [CompletionResultType]::ParameterName, 'Run this, without a shell, once a new certificate is in its place: all words that follow, as `--then systemctl reload nginx`, for a server that does not look at its files itself. Where it fails, it is run again the next time')
            [CompletionResult]::new('--roots', '--roots', [CompletionResultType]::ParameterName, 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which rules apply to the certificate')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Share the managed certificate with other replicas, of which one renews it: s3://BUCKET/PREFIX, az://CONTAINER/PREFIX, gs://BUCKET/PREFIX with credentials from the environment, or file:///FOLDER')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Renew it although it is not due')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say whether it is due, what would be done, and what the DNS says of it; no CA is asked')
            [CompletionResult]::new('--no-preflight', '--no-preflight', [CompletionResultType]::ParameterName, 'Order although the CA will say no, by what is seen from here: where names lead elsewhere for others')
            [CompletionResult]::new('--staging', '--staging', [CompletionResultType]::ParameterName, 'Ask Let''s Encrypt''s CA for trying things: nobody trusts its certificate, and the one that is served stays')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;disable' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Print what would change, as a diff, and write nothing')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyway;status' {
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]')
            [CompletionResult]::new('--roots', '--roots', [CompletionResultType]::ParameterName, 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which rules apply to the certificate')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--resolver', '--resolver', [CompletionResultType]::ParameterName, 'A resolver to ask, as ADDRESS or ADDRESS:PORT (at most 8: the first that answers counts) [default: those of the file, else of the system]')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'A server of the zone to ask in their place, as ADDRESS, ADDRESS:PORT or NAME (at most 8: the first that answers counts)')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a server is waited for, seconds')
            [CompletionResult]::new('--connect-port', '--connect-port', [CompletionResultType]::ParameterName, 'The port to connect to [default: that of the endpoint, else the first that is listened on, else 443]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Read files only: ask no server, and connect to nothing')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;serve' {
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Without a service file: the certificate with its chain')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Without a service file: its private key')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Without a service file: a name that clients ask for (may be repeated)')
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Without a service file: an address to listen on, with port (may be repeated) [default: [::]:443, in plain text [::]:80]')
            [CompletionResult]::new('--upstream', '--upstream', [CompletionResultType]::ParameterName, 'Without a service file: what is behind, http://HOST:PORT, or HOST:PORT for any other protocol (may be repeated)')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads that serve, each with sockets of its own [default: as many as there are processors]')
            [CompletionResult]::new('--access-log', '--access-log', [CompletionResultType]::ParameterName, 'How requests are logged, on standard output')
            [CompletionResult]::new('--metrics', '--metrics', [CompletionResultType]::ParameterName, 'An address to answer /metrics (for Prometheus), /healthz and /readyz at, in plain HTTP; keep it from strangers')
            [CompletionResult]::new('--unsafe-keylog', '--unsafe-keylog', [CompletionResultType]::ParameterName, 'Write the secrets of every connection to a file, for Wireshark and the like: who reads it reads everything')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Become this user, by name or number, once every address is bound; its files have to be readable for it')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Share the managed certificate with other replicas, of which one renews it: s3://BUCKET/PREFIX, az://CONTAINER/PREFIX, gs://BUCKET/PREFIX with credentials from the environment, or file:///FOLDER')
            [CompletionResult]::new('--roots', '--roots', [CompletionResultType]::ParameterName, 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which rules apply to the certificate')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Read and judge everything, bind nothing, and say whether it could be served')
            [CompletionResult]::new('--no-sandbox', '--no-sandbox', [CompletionResultType]::ParameterName, 'Do without the sandbox (Landlock) in which nothing is written or started, and nothing read but what the system is made of and the folders of the service''s files')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;config' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say what is wrong with a service file, and with the certificates that it names')
            [CompletionResult]::new('prove', 'prove', [CompletionResultType]::ParameterValue, 'Serve it on loopback, shake hands in every way, and say of each setting what was seen of it')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Print a service file as it is understood, without its secrets')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of service files')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Print a service in a form of another tool')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Print another tool''s form as a service file')
            break
        }
        'keyway;config;check' {
            [CompletionResult]::new('--roots', '--roots', [CompletionResultType]::ParameterName, 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which rules apply to the certificate')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the findings')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;config;prove' {
            [CompletionResult]::new('--roots', '--roots', [CompletionResultType]::ParameterName, 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which rules apply to the certificate')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;config;show' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyway;config;schema' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyway;config;export' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The form')
            [CompletionResult]::new('--replicas', '--replicas', [CompletionResultType]::ParameterName, 'How many pods run the service, in kubernetes-deployment')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'The image that they run')
            [CompletionResult]::new('--roots', '--roots', [CompletionResultType]::ParameterName, 'Whom to trust where it is served, in systemd and kubernetes-deployment: mozilla, system, none, or a file or folder of CA certificates, which go into the ConfigMap (may be repeated)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which rules apply to the certificate there')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment at which it is to start there: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--class', '--class', [CompletionResultType]::ParameterName, 'The class of an Ingress or a Gateway [default: the cluster''s; for a Gateway nginx]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--post-quantum', '--post-quantum', [CompletionResultType]::ParameterName, 'Name the group X25519MLKEM768 in nginx, haproxy and caddy: their OpenSSL is 3.5 or newer, Caddy 2.10 or newer')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;config;import' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'The form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;dns' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('plan', 'plan', [CompletionResultType]::ParameterValue, 'Say which records a service needs, and the changes that lead there')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Make the changes of a plan, exactly (RFC 2136)')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Ask every server whether the records are there')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Ask again and again until every server has them')
            [CompletionResult]::new('check-zone', 'check-zone', [CompletionResultType]::ParameterValue, 'Say what is wrong with zone files')
            [CompletionResult]::new('format-zone', 'format-zone', [CompletionResultType]::ParameterValue, 'Print a zone file canonically: sorted, a record a line, every name and every TTL written out')
            [CompletionResult]::new('caa', 'caa', [CompletionResultType]::ParameterValue, 'Say whether a CA may issue for a name, which CAA record decides, and what would have to change')
            break
        }
        'keyway;dns;plan' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A name that clients ask for (may be repeated)')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Where the service is: an address (may be repeated), a name, or a URL with one of them')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The zone that the records are in [default: found by asking]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long answers may be remembered, seconds [default: the file''s, else 300]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'A CA that may issue, by its CAA domain: letsencrypt.org (may be repeated)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account at the CA that may ask, as a URI (RFC 8657)')
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'A method of validation that the CA may use: dns-01 (may be repeated; RFC 8657)')
            [CompletionResult]::new('--tlsa', '--tlsa', [CompletionResultType]::ParameterName, 'A certificate whose key TLSA records pin: the one in use, then the next one (RFC 6698)')
            [CompletionResult]::new('--tlsa-port', '--tlsa-port', [CompletionResultType]::ParameterName, 'The TCP port of the pinned service [default: that of the endpoint, else 443]')
            [CompletionResult]::new('--challenge', '--challenge', [CompletionResultType]::ParameterName, 'A value that a CA looks for at _acme-challenge, 43 letters of base64url (may be repeated)')
            [CompletionResult]::new('--challenge-done', '--challenge-done', [CompletionResultType]::ParameterName, 'A value at _acme-challenge that has done its work, and goes; those of others stay (may be repeated)')
            [CompletionResult]::new('--persist-until', '--persist-until', [CompletionResultType]::ParameterName, 'The moment from which that record holds no more: 2027-11-23, or @SECONDS')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]')
            [CompletionResult]::new('--zone-file', '--zone-file', [CompletionResultType]::ParameterName, 'Plan against a zone file, and ask nobody')
            [CompletionResult]::new('--resolver', '--resolver', [CompletionResultType]::ParameterName, 'A resolver to ask, as ADDRESS or ADDRESS:PORT (may be repeated) [default: those of the system]')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'A server of the zone, as ADDRESS, ADDRESS:PORT or NAME (may be repeated) [default: found by asking]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port of the zone''s servers, where none is named')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a server is waited for, seconds')
            [CompletionResult]::new('--tsig', '--tsig', [CompletionResultType]::ParameterName, 'A key file as `tsig-keygen` prints it (RFC 8945) [default: the service file''s key]')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the plan to this file, for `keyway dns apply`')
            [CompletionResult]::new('--render', '--render', [CompletionResultType]::ParameterName, 'Print the plan for somebody who carries it out')
            [CompletionResult]::new('--max-share', '--max-share', [CompletionResultType]::ParameterName, 'How much of the zone''s records may go, percent; of a zone that nobody has looked at all of, none [default: 25, or 4 records where that is more; 16 where the number is not known]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the plan')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--https', '--https', [CompletionResultType]::ParameterName, 'Make an HTTPS record with the service''s protocols (RFC 9460)')
            [CompletionResult]::new('--hints', '--hints', [CompletionResultType]::ParameterName, 'Put the addresses into the HTTPS record, too')
            [CompletionResult]::new('--persist', '--persist', [CompletionResultType]::ParameterName, 'Let the CA validate again and again by a record at _validation-persist (dns-persist-01, a draft)')
            [CompletionResult]::new('--transfer', '--transfer', [CompletionResultType]::ParameterName, 'Fetch the whole zone (AXFR, RFC 5936), so that everything in it counts')
            [CompletionResult]::new('--yes-really', '--yes-really', [CompletionResultType]::ParameterName, 'Take away however much of the zone it is, and addresses of hosts that NS records name as servers, too')
            [CompletionResult]::new('--replace-others', '--replace-others', [CompletionResultType]::ParameterName, 'Take away what others may have beside what is planned, too: pins other than 3 1 1, CAA of other CAs and accounts, other values at _acme-challenge and _validation-persist')
            [CompletionResult]::new('--settled', '--settled', [CompletionResultType]::ParameterName, 'What the plan starts from, and where it leads, has stood for longer than caches remember: nothing waits for that')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;dns;apply' {
            [CompletionResult]::new('--plan', '--plan', [CompletionResultType]::ParameterName, 'The plan, as `keyway dns plan --out` wrote it')
            [CompletionResult]::new('--resolver', '--resolver', [CompletionResultType]::ParameterName, 'A resolver to ask, as ADDRESS or ADDRESS:PORT (may be repeated) [default: those of the system]')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'A server of the zone, as ADDRESS, ADDRESS:PORT or NAME (may be repeated) [default: found by asking]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port of the zone''s servers, where none is named')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a server is waited for, seconds')
            [CompletionResult]::new('--tsig', '--tsig', [CompletionResultType]::ParameterName, 'A key file as `tsig-keygen` prints it (RFC 8945) [default: the service file''s key]')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Wait no longer than this in all, looks at the servers included; what a step left is looked at all the same [default: for servers that are behind an hour, for caches as long as it takes]')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to sign at: 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print what was done')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait between steps as long as the plan says, instead of stopping there')
            [CompletionResult]::new('--key-switched', '--key-switched', [CompletionResultType]::ParameterName, 'Take old pins away: the service serves with a key that stays pinned, in all its places')
            [CompletionResult]::new('--no-other-servers', '--no-other-servers', [CompletionResultType]::ParameterName, 'Go on where nobody can say which servers resolvers may come to beside those that are asked: there are no others')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;dns;verify' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A name that clients ask for (may be repeated)')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Where the service is: an address (may be repeated), a name, or a URL with one of them')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The zone that the records are in [default: found by asking]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long answers may be remembered, seconds [default: the file''s, else 300]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'A CA that may issue, by its CAA domain: letsencrypt.org (may be repeated)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account at the CA that may ask, as a URI (RFC 8657)')
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'A method of validation that the CA may use: dns-01 (may be repeated; RFC 8657)')
            [CompletionResult]::new('--tlsa', '--tlsa', [CompletionResultType]::ParameterName, 'A certificate whose key TLSA records pin: the one in use, then the next one (RFC 6698)')
            [CompletionResult]::new('--tlsa-port', '--tlsa-port', [CompletionResultType]::ParameterName, 'The TCP port of the pinned service [default: that of the endpoint, else 443]')
            [CompletionResult]::new('--challenge', '--challenge', [CompletionResultType]::ParameterName, 'A value that a CA looks for at _acme-challenge, 43 letters of base64url (may be repeated)')
            [CompletionResult]::new('--challenge-done', '--challenge-done', [CompletionResultType]::ParameterName, 'A value at _acme-challenge that has done its work, and goes; those of others stay (may be repeated)')
            [CompletionResult]::new('--persist-until', '--persist-until', [CompletionResultType]::ParameterName, 'The moment from which that record holds no more: 2027-11-23, or @SECONDS')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]')
            [CompletionResult]::new('--plan', '--plan', [CompletionResultType]::ParameterName, 'A plan that was carried out: its records are looked for')
            [CompletionResult]::new('--resolver', '--resolver', [CompletionResultType]::ParameterName, 'A resolver to ask, as ADDRESS or ADDRESS:PORT (may be repeated) [default: those of the system]')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'A server of the zone, as ADDRESS, ADDRESS:PORT or NAME (may be repeated) [default: found by asking]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port of the zone''s servers, where none is named')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a server is waited for, seconds')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Connect to every address, and hold the certificate that is served there against this one')
            [CompletionResult]::new('--connect-port', '--connect-port', [CompletionResultType]::ParameterName, 'The port to connect to [default: that of the endpoint, else 443]')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to reckon from: 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print what was seen')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--https', '--https', [CompletionResultType]::ParameterName, 'Make an HTTPS record with the service''s protocols (RFC 9460)')
            [CompletionResult]::new('--hints', '--hints', [CompletionResultType]::ParameterName, 'Put the addresses into the HTTPS record, too')
            [CompletionResult]::new('--persist', '--persist', [CompletionResultType]::ParameterName, 'Let the CA validate again and again by a record at _validation-persist (dns-persist-01, a draft)')
            [CompletionResult]::new('--no-other-servers', '--no-other-servers', [CompletionResultType]::ParameterName, 'Count on there being no servers that resolvers may come to beside those that can be named')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;dns;wait' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A name that clients ask for (may be repeated)')
            [CompletionResult]::new('--endpoint', '--endpoint', [CompletionResultType]::ParameterName, 'Where the service is: an address (may be repeated), a name, or a URL with one of them')
            [CompletionResult]::new('--zone', '--zone', [CompletionResultType]::ParameterName, 'The zone that the records are in [default: found by asking]')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long answers may be remembered, seconds [default: the file''s, else 300]')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'A CA that may issue, by its CAA domain: letsencrypt.org (may be repeated)')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account at the CA that may ask, as a URI (RFC 8657)')
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'A method of validation that the CA may use: dns-01 (may be repeated; RFC 8657)')
            [CompletionResult]::new('--tlsa', '--tlsa', [CompletionResultType]::ParameterName, 'A certificate whose key TLSA records pin: the one in use, then the next one (RFC 6698)')
            [CompletionResult]::new('--tlsa-port', '--tlsa-port', [CompletionResultType]::ParameterName, 'The TCP port of the pinned service [default: that of the endpoint, else 443]')
            [CompletionResult]::new('--challenge', '--challenge', [CompletionResultType]::ParameterName, 'A value that a CA looks for at _acme-challenge, 43 letters of base64url (may be repeated)')
            [CompletionResult]::new('--challenge-done', '--challenge-done', [CompletionResultType]::ParameterName, 'A value at _acme-challenge that has done its work, and goes; those of others stay (may be repeated)')
            [CompletionResult]::new('--persist-until', '--persist-until', [CompletionResultType]::ParameterName, 'The moment from which that record holds no more: 2027-11-23, or @SECONDS')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Folder of names, certificates and accounts that were made [default: `$STATE_DIRECTORY` of a service, `$XDG_STATE_HOME/keyway`, `~/.local/state/keyway`]')
            [CompletionResult]::new('--plan', '--plan', [CompletionResultType]::ParameterName, 'A plan that was carried out: its records are looked for')
            [CompletionResult]::new('--resolver', '--resolver', [CompletionResultType]::ParameterName, 'A resolver to ask, as ADDRESS or ADDRESS:PORT (may be repeated) [default: those of the system]')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'A server of the zone, as ADDRESS, ADDRESS:PORT or NAME (may be repeated) [default: found by asking]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port of the zone''s servers, where none is named')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a server is waited for, seconds')
            [CompletionResult]::new('--cert', '--cert', [CompletionResultType]::ParameterName, 'Connect to every address, and hold the certificate that is served there against this one')
            [CompletionResult]::new('--connect-port', '--connect-port', [CompletionResultType]::ParameterName, 'The port to connect to [default: that of the endpoint, else 443]')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to reckon from: 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print what was seen')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'Give up after so many seconds, looks included; one of a second is taken at least')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--https', '--https', [CompletionResultType]::ParameterName, 'Make an HTTPS record with the service''s protocols (RFC 9460)')
            [CompletionResult]::new('--hints', '--hints', [CompletionResultType]::ParameterName, 'Put the addresses into the HTTPS record, too')
            [CompletionResult]::new('--persist', '--persist', [CompletionResultType]::ParameterName, 'Let the CA validate again and again by a record at _validation-persist (dns-persist-01, a draft)')
            [CompletionResult]::new('--no-other-servers', '--no-other-servers', [CompletionResultType]::ParameterName, 'Count on there being no servers that resolvers may come to beside those that can be named')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;dns;check-zone' {
            [CompletionResult]::new('--origin', '--origin', [CompletionResultType]::ParameterName, 'The name of the zone [default: that of the file''s first SOA record, where it is written whole]')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Follow $INCLUDE, to files in this folder and nowhere else')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the findings')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;dns;format-zone' {
            [CompletionResult]::new('--origin', '--origin', [CompletionResultType]::ParameterName, 'The name of the zone [default: that of the file''s first SOA record, where it is written whole]')
            [CompletionResult]::new('--include', '--include', [CompletionResultType]::ParameterName, 'Follow $INCLUDE, to files in this folder and nowhere else')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyway;dns;caa' {
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'The CA, by the domain that it looks for in CAA, for example letsencrypt.org')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The URI of the account that asks the CA')
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'How the CA is shown that the name is yours, for example http-01, dns-01, tls-alpn-01')
            [CompletionResult]::new('--resolver', '--resolver', [CompletionResultType]::ParameterName, 'A resolver to ask, as ADDRESS or ADDRESS:PORT (may be repeated) [default: those of the system]')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'A server of the zone, as ADDRESS, ADDRESS:PORT or NAME (may be repeated) [default: found by asking]')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'The port of the zone''s servers, where none is named')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long a server is waited for, seconds')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the answer')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('--wildcard', '--wildcard', [CompletionResultType]::ParameterName, 'Ask for a wildcard of the name')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'keyway;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyway;man' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'keyway;generate' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Folder to write into')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
