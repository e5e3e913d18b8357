
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
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say what files hold, whether a server can use them, and who will accept them')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Write the files that a server wants, out of whatever was given')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Show what files hold, without judging it')
            [CompletionResult]::new('scan', 'scan', [CompletionResultType]::ParameterValue, 'Check every file below folders, one line a file')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a finding by its code')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell''s completions')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Write the generated pages of the project')
            break
        }
        'keyway;check' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'A private key in a file of its own (may be repeated)')
            [CompletionResult]::new('--crl', '--crl', [CompletionResultType]::ParameterName, 'A certificate revocation list (may be repeated)')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'A file with the password of what is encrypted, on its first line (may be repeated)')
            [CompletionResult]::new('--password-env', '--password-env', [CompletionResultType]::ParameterName, 'An environment variable that holds the password (may be repeated)')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A name or address that clients will ask for, not a pattern (may be repeated)')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--roots', '--roots', [CompletionResultType]::ParameterName, 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)')
            [CompletionResult]::new('--purpose', '--purpose', [CompletionResultType]::ParameterName, 'What the certificate is for')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which rules apply: public servers (webpki), RFC 5280 alone, or an own CA (private)')
            [CompletionResult]::new('--max-intermediates', '--max-intermediates', [CompletionResultType]::ParameterName, 'At most this many intermediates between server certificate and root; more than 6 are never followed, as rustls-webpki does not')
            [CompletionResult]::new('--warn-at', '--warn-at', [CompletionResultType]::ParameterName, 'Warn when less than this share of the lifetime is left')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the report')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour; `auto` follows the terminal and `NO_COLOR`')
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
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A name or address that clients will ask for, not a pattern (may be repeated)')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The moment to judge at: 2026-11-23, 2026-11-23T12:00:00Z or @SECONDS [default: now]')
            [CompletionResult]::new('--roots', '--roots', [CompletionResultType]::ParameterName, 'Whom to trust: mozilla, system, none, or a file or folder of CA certificates (may be repeated)')
            [CompletionResult]::new('--purpose', '--purpose', [CompletionResultType]::ParameterName, 'What the certificate is for')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Which rules apply: public servers (webpki), RFC 5280 alone, or an own CA (private)')
            [CompletionResult]::new('--max-intermediates', '--max-intermediates', [CompletionResultType]::ParameterName, 'At most this many intermediates between server certificate and root; more than 6 are never followed, as rustls-webpki does not')
            [CompletionResult]::new('--warn-at', '--warn-at', [CompletionResultType]::ParameterName, 'Warn when less than this share of the lifetime is left')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Folder to write into; made when it is not there')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'What to write')
            [CompletionResult]::new('--to-password-file', '--to-password-file', [CompletionResultType]::ParameterName, 'A file with the password for the PKCS#12 file that is written, on its first line')
            [CompletionResult]::new('--to-password-env', '--to-password-env', [CompletionResultType]::ParameterName, 'An environment variable that holds the password for the PKCS#12 file that is written')
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
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'A name or address that clients will ask for, not a pattern (may be repeated)')
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
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Also print a line for files that hold no certificate (text only)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Also print a line for files that hold no certificate (text only)')
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
