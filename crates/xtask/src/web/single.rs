//! The page as a single file: styles, scripts, the worker and the module inside, so that it opens from a
//! disk without a network. Made of the same sources; only the module that loads is another one.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64ct::{Base64, Encoding as _};
use sha2::{Digest as _, Sha256};

use crate::failure::Failure;
use crate::web::modules;

/// The page, relative to the folder that holds it.
const PAGE: &str = "index.html";

/// What loads the parts of the page in a folder, and what stands in its place here.
const SUPPLY: (&str, &str) = ("app/supply.js", "single/supply.js");

/// One module is inside, which has everything in it, in the place of the two that the page in a folder loads.
const CHECK: (&str, &str) = ("pkg/check.js", "pkg/keyway.js");
const SERVICE: (&str, &str) = ("pkg/service.js", "pkg/keyway.js");

/// How the lines that are replaced begin and end.
const STYLE: (&str, &str) = ("<link rel=\"stylesheet\" href=\"", "\">");
const SCRIPT: &str = "<script type=\"module\" src=\"app/main.js\"></script>";
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\"";

/// A finished page.
pub(crate) struct Single {
    pub(crate) path: PathBuf,
    pub(crate) size: usize,
    pub(crate) sha256: String,
}

/// Makes `dist/keyway.html` below `web`, out of what is there.
pub(crate) fn write(web: &Path) -> Result<Single, Failure> {
    let text = render(web)?;
    let folder = web.join("dist");
    std::fs::create_dir_all(&folder).map_err(Failure::at(&folder))?;
    let path = folder.join("keyway.html");
    std::fs::write(&path, &text).map_err(Failure::at(&path))?;
    Ok(Single {
        path,
        size: text.len(),
        sha256: hex(&Sha256::digest(&text)),
    })
}

/// The whole page as text.
fn render(web: &Path) -> Result<String, Failure> {
    let page = read(&web.join(PAGE))?;
    let inside = Inside::of(web)?;
    let first = page.lines().position(|line| linked(line).is_some());
    let mut out = String::new();
    for (number, line) in page.lines().enumerate() {
        let _ = if Some(number) == first {
            writeln!(out, "<style>{}</style>", inside.style)
        } else if line.starts_with(POLICY) {
            writeln!(out, "{POLICY} content=\"{}\">", inside.policy())
        } else if line == "</body>" {
            writeln!(out, "{}{line}", inside.scripts())
        } else if line == SCRIPT || linked(line).is_some() {
            Ok(())
        } else {
            writeln!(out, "{line}")
        };
    }
    complete(&out)?;
    Ok(out)
}

/// What the page in a folder loads, as it is put inside.
struct Inside {
    style: String,
    script: String,
    worker: String,
    rooms_worker: String,
    /// The module, packed, as base64.
    module: String,
}

impl Inside {
    fn of(web: &Path) -> Result<Self, Failure> {
        let joined = |entry: &str, (one, other): (&str, &str)| {
            let instead = (web.join(one), web.join(other));
            modules::join(&web.join(entry), Some((&instead.0, &instead.1)))
        };
        let script = joined("app/main.js", SUPPLY)?;
        let worker = joined("app/worker.js", CHECK)?;
        let rooms_worker = joined("app/rooms-worker.js", SERVICE)?;
        let module = web.join("pkg/glue_bg.wasm");
        let module = std::fs::read(&module).map_err(Failure::at(&module))?;
        let mut style = String::from("\n");
        for sheet in styles(web)? {
            style.push_str(&read(&sheet)?);
        }
        let inside = Self {
            style,
            script: format!("\n{}", script.text),
            worker: plain(&worker.text),
            rooms_worker: plain(&rooms_worker.text),
            module: Base64::encode_string(&packed(&module)?),
        };
        embeddable("script", &inside.script)?;
        embeddable("worker", &inside.worker)?;
        embeddable("rooms' worker", &inside.rooms_worker)?;
        embeddable("style", &inside.style)?;
        Ok(inside)
    }

    /// One script and one style by their hashes, the worker out of the page's own memory, and nothing that
    /// comes over a connection.
    fn policy(&self) -> String {
        let hash =
            |text: &str| format!("'sha256-{}'", Base64::encode_string(&Sha256::digest(text)));
        format!(
            "default-src 'none'; script-src {} 'wasm-unsafe-eval'; style-src {}; worker-src blob:; \
             img-src data:; form-action 'none'; base-uri 'none'",
            hash(&self.script),
            hash(&self.style)
        )
    }

    /// The workers and the module as text that nothing runs, and the script.
    fn scripts(&self) -> String {
        let Self {
            script,
            worker,
            rooms_worker,
            module,
            ..
        } = self;
        format!(
            "<script type=\"text/plain\" id=\"inside-worker\">\n{worker}</script>\n\
             <script type=\"text/plain\" id=\"inside-rooms-worker\">\n{rooms_worker}</script>\n\
             <script type=\"text/plain\" id=\"inside-module\">{module}</script>\n\
             <script type=\"module\">{script}</script>\n"
        )
    }
}

/// The style sheets of the page.
pub(crate) fn styles(web: &Path) -> Result<Vec<PathBuf>, Failure> {
    let page = read(&web.join(PAGE))?;
    Ok(page
        .lines()
        .filter_map(linked)
        .map(|name| web.join(name))
        .collect())
}

/// The policy that the page in a folder declares.
pub(crate) fn declared_policy(web: &Path) -> Result<String, Failure> {
    let content = |line: &str| {
        let content = line.strip_prefix(POLICY)?.strip_prefix(" content=\"")?;
        content.strip_suffix("\">").map(str::to_owned)
    };
    read(&web.join(PAGE))?
        .lines()
        .find_map(content)
        .ok_or_else(|| refused("the page declares no policy".into()))
}

/// Workers that the page in a folder starts, by the script that each is made of.
pub(crate) const WORKERS: [(&str, &str); 2] = [
    ("app/worker.js", "pkg/worker.js"),
    ("app/rooms-worker.js", "pkg/rooms-worker.js"),
];

/// Writes the scripts of the workers of the page in a folder: it starts them out of its own memory.
pub(crate) fn write_workers(web: &Path) -> Result<(), Failure> {
    for (entry, name) in WORKERS {
        let joined = modules::join(&web.join(entry), None)?;
        let path = web.join(name);
        std::fs::write(&path, addressed(&joined.text)).map_err(Failure::at(&path))?;
    }
    Ok(())
}

/// A joined script as one that is no module: who starts it says where it is from, in `FROM`.
fn addressed(script: &str) -> String {
    uncommented(script).replace("import.meta.url", "FROM")
}

/// A script without the lines that are comments and nothing else: a quarter of what wasm-bindgen writes.
fn uncommented(script: &str) -> String {
    let mut out = String::new();
    let mut within = false;
    for line in script.lines() {
        let text = line.trim();
        let begins = !within && text.starts_with("/*");
        let is_comment = within || begins || text.starts_with("//");
        within = (within || begins) && !text.ends_with("*/");
        if !is_comment && !text.is_empty() {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The same, from nowhere, and as strict as a module.
fn plain(script: &str) -> String {
    format!(
        "\"use strict\";\nconst FROM = undefined;\n{}",
        addressed(script)
    )
}

/// The style sheet that a line asks for.
fn linked(line: &str) -> Option<&str> {
    line.strip_prefix(STYLE.0)?.strip_suffix(STYLE.1)
}

/// The module as gzip: a browser unpacks it by itself. The time in the header is none, so that the same
/// module is always the same text.
fn packed(module: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder
        .write_all(module)
        .and_then(|()| encoder.finish())
        .map_err(Failure::at("the packed module"))
}

/// Refuses what would end the element that it stands in.
fn embeddable(what: &str, text: &str) -> Result<(), Failure> {
    let lower = text.to_ascii_lowercase();
    match ["</script", "</style", "<!--", "\r"]
        .iter()
        .find(|end| lower.contains(*end))
    {
        Some(end) => Err(refused(format!("the {what} holds {end:?}"))),
        None => Ok(()),
    }
}

/// Refuses a page that would still load something, or that has a part missing.
fn complete(page: &str) -> Result<(), Failure> {
    let head = page.split("<body>").next().unwrap_or_default();
    let whole = [
        "<style>",
        "'sha256-",
        "id=\"inside-rooms-worker\"",
        "id=\"inside-module\"",
        "<script type=\"module\">",
    ];
    if let Some(part) = whole.iter().find(|part| !page.contains(**part)) {
        return Err(refused(format!("there is no {part}")));
    }
    match [" src=\"", "rel=\"stylesheet\"", "connect-src"]
        .iter()
        .find(|part| head.contains(**part))
    {
        Some(part) => Err(refused(format!("its head still holds {part}"))),
        None => Ok(()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn refused(detail: String) -> Failure {
    Failure::Answer {
        program: "the page as a single file".into(),
        detail,
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(Failure::at(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page's own sources, with a module and glue that are none.
    fn page() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            (
                "index.html",
                "<html>\n<head>\n<meta http-equiv=\"Content-Security-Policy\" content=\"x; connect-src 'self'\">\n\
                 <link rel=\"stylesheet\" href=\"style/a.css\">\n<link rel=\"stylesheet\" href=\"style/b.css\">\n\
                 <script type=\"module\" src=\"app/main.js\"></script>\n</head>\n<body>\n<p>Hello</p>\n</body>\n</html>\n",
            ),
            ("style/a.css", "a { color: red; }\n"),
            ("style/b.css", "b { color: blue; }\n"),
            (
                "app/main.js",
                "import { load } from \"./supply.js\";\nload();\n",
            ),
            ("app/supply.js", "export const load = () => fetch(\"x\");\n"),
            ("single/supply.js", "export const load = () => 1;\n"),
            ("app/worker.js", "self.x = 1;\n"),
            ("app/rooms-worker.js", "self.y = 1;\n"),
            ("pkg/glue_bg.wasm", "\0asm"),
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn everything_is_inside_and_the_same_twice() {
        let folder = page();
        let text = render(folder.path()).unwrap();
        for part in [
            "color: red",
            "color: blue",
            "const load = () => 1;",
            "self.x = 1;",
            "self.y = 1;",
        ] {
            assert!(text.contains(part), "{part}");
        }
        assert!(!text.contains("fetch("), "the other supply is not there");
        assert!(
            !text.contains("connect-src"),
            "default-src 'none' stands for it"
        );
        let first = write(folder.path()).unwrap();
        assert_eq!(first.sha256, write(folder.path()).unwrap().sha256);
        assert_eq!(first.size, text.len());
    }

    #[test]
    fn workers_of_the_folder_know_where_they_are_from_and_carry_no_comments() {
        let folder = page();
        let worker = folder.path().join("app/worker.js");
        let text = "// A worker.\n/** Of two\n * lines. */\nconst here = import.meta.url; // kept\n\nself.x = here /* and */ ;\n";
        std::fs::write(worker, text).unwrap();
        write_workers(folder.path()).unwrap();
        let written = |name| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(
            written("pkg/worker.js"),
            "const here = FROM; // kept\nself.x = here /* and */ ;\n"
        );
        assert_eq!(written("pkg/rooms-worker.js"), "self.y = 1;\n");
    }

    #[test]
    fn the_policy_names_script_and_style_by_their_hashes() {
        let text = render(page().path()).unwrap();
        for (open, close) in [
            ("<style>", "</style>"),
            ("<script type=\"module\">", "</script>"),
        ] {
            let (_, rest) = text.split_once(open).unwrap();
            let (inside, _) = rest.split_once(close).unwrap();
            let hash = Base64::encode_string(&Sha256::digest(inside));
            assert!(text.contains(&format!("'sha256-{hash}'")), "{open}");
        }
    }

    #[test]
    fn a_script_that_would_end_its_element_is_refused() {
        let folder = page();
        let path = folder.path().join("app/worker.js");
        std::fs::write(path, "const x = \"</SCRIPT>\";\n").unwrap();
        assert!(render(folder.path()).is_err());
    }
}
