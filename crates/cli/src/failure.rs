//! Why the job could not be done: exit code 2. The words are in [`crate::voice`].

mod files;
mod serve;

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use keyway_chain::name::{HostError, NameFault};
use keyway_chain::{FixError, ReadError};

use crate::intent::TargetFault;

pub(crate) use files::{RoleFault, RootsFault};
pub(crate) use serve::{ServeFault, UserFault};

/// Why CAA is not looked up for a text.
#[derive(Debug)]
pub(crate) enum CaaNameFault {
    /// It is an address.
    Address,
    /// It is a URL, a host with a port and the like.
    Pasted(HostError),
    /// It is no name of a host.
    Host(NameFault),
    /// It is no name at all.
    Name(keyway_dns::name::NameFault),
}

/// Why the job could not be done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nothing is served.
    Serve(ServeFault),
    /// A file or folder cannot be read.
    Unreadable {
        /// The path as it was given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Standard input was named for two things.
    StdinTwice,
    /// Standard input was named for a file that is changed.
    StdinChanged,
    /// `--roots` is neither a word that it knows nor a path to something.
    NoSuchRoots(PathBuf),
    /// A password for a form that has none; the option.
    PasswordForNothing(&'static str),
    /// A link whose target is not there.
    DeadLink {
        /// The path as it was given.
        path: PathBuf,
        /// Where it points to.
        target: PathBuf,
    },
    /// A socket, pipe or device where a file is asked for.
    NotAFile(PathBuf),
    /// A service file, or another tool's form, is a socket, pipe or device.
    SpecialGiven(PathBuf),
    /// A file that a service file names is one.
    SpecialNamed(PathBuf),
    /// Certificate and key of a service are not where the service file says.
    Roles {
        /// Which of them, and where it is.
        fault: RoleFault,
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
    },
    /// A file is larger than is read.
    TooLarge {
        /// The path as it was given.
        path: PathBuf,
        /// The limit, in bytes.
        limit: usize,
    },
    /// A folder with more files than are read at once.
    CrowdedFolder {
        /// The path as it was given.
        path: PathBuf,
        /// The limit.
        limit: usize,
    },
    /// A folder without files.
    EmptyFolder(PathBuf),
    /// A pattern that is none.
    Pattern {
        /// The text as it was given.
        given: String,
        /// Why.
        reason: String,
    },
    /// `--roots none` beside other roots.
    NoneAndRoots,
    /// A pattern that nothing matches.
    NoMatch(PathBuf),
    /// An option's value is not a date.
    Date {
        /// The option.
        option: &'static str,
        /// Its value.
        given: String,
    },
    /// `--key` or `--crl` names a file that holds nothing of the kind.
    NotInside {
        /// What should be in it.
        wanted: Wanted,
        /// The path as it was given.
        path: PathBuf,
        /// What is in the file instead, in a few words; may be empty. `None` for a folder.
        holds: Option<String>,
    },
    /// `--host` is text that no client connects to.
    NotAHost {
        /// The text as it was given.
        given: String,
        /// Why it is no name of a host.
        fault: NameFault,
    },
    /// `--host` is a URL, a host with a port and the like.
    Host {
        /// The text as it was given.
        given: String,
        /// Why it is none, and what was probably meant.
        source: HostError,
    },
    /// `--roots` names a file or folder that holds no certificate.
    Roots {
        /// The path as it was given.
        path: PathBuf,
        /// Why.
        reason: RootsFault,
    },
    /// The system's trust store cannot be read, or is empty.
    SystemRoots(Vec<String>),
    /// An option names a variable that is not set.
    PasswordVariable {
        /// The option.
        option: &'static str,
        /// The name as it was given.
        name: String,
    },
    /// A file with a password that is written in UTF-16.
    PasswordInUtf16(PathBuf),
    /// A new password was never typed twice alike.
    PasswordsDiffer,
    /// The inputs are beyond what is read.
    Read(ReadError),
    /// A code that no rule has.
    UnknownCode {
        /// The code as it was given.
        given: String,
        /// Codes that are close.
        nearest: Vec<&'static str>,
    },
    /// Writing a file failed.
    Unwritable {
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file cannot be given to who had the one that it replaces.
    Owner {
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Files from before stand where, or beside what, would be written, and `--force` was not given.
    InTheWay {
        /// The folder.
        folder: PathBuf,
        /// Names of the files in it.
        names: Vec<String>,
    },
    /// The folder to write into is a file.
    NotAFolder(PathBuf),
    /// Nothing can be written.
    Fix(FixError),
    /// The system gave no random bytes.
    NoRandom,
    /// Nobody answered, or nobody can be asked; why, in words.
    Ask(String),
    /// What is needed cannot be told, or cannot be had; why, in words.
    Need(String),
    /// A certificate was not made, or is not put in place; why, in lines that are safe to show.
    Unissued(String),
    /// It was broken off, as a signal asked for it: its number.
    Ended(u8),
    /// A plan that cannot be carried out.
    Plan {
        /// Its file.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// A key that signs messages cannot be used.
    Key {
        /// The file that it is in.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// Text that is neither an address nor the name of a server.
    NotAServer(String),
    /// Text that is no name which CAA is looked up for.
    NotForCaa {
        /// The text as it was given.
        given: String,
        /// Why.
        fault: CaaNameFault,
    },
    /// Nobody could get such a certificate, whatever CAA says.
    Caa {
        /// The option.
        option: &'static str,
        /// The text as it was given.
        given: String,
        /// Why.
        fault: keyway_dns::caa::RequestFault,
    },
    /// There is no service file to change.
    NoService(PathBuf),
    /// A service file is no text in UTF-8.
    NotUtf8 {
        /// The path as it was given.
        path: PathBuf,
        /// The first byte that does not belong.
        byte: usize,
    },
    /// A file is no service file.
    Service {
        /// The path as it was given.
        path: PathBuf,
        /// The line, from 1, where it is known.
        line: Option<u32>,
        /// Why.
        source: Box<keyway_config::ReadError>,
        /// The lines of what else is wrong, as [`keyway_config::ReadError::others`] has it.
        others: Vec<Option<u32>>,
    },
    /// A service file cannot be changed as asked.
    Edit(keyway_config::EditError),
    /// Another command holds the folder.
    Locked(PathBuf),
    /// Nothing says what the service is to be enabled with.
    NothingToEnable(PathBuf),
    /// `keyway update` was asked for nothing that it could do.
    NothingToUpdate,
    /// There is no managed name to overwrite.
    NoLabel,
    /// A managed name needs a zone.
    NoZone,
    /// A label makes no name.
    Label {
        /// The text as it was given.
        given: String,
        /// Why.
        fault: keyway_config::LabelFault,
    },
    /// A label is the beginning of another service's name.
    OthersName {
        /// The text as it was given.
        given: String,
        /// The name.
        name: String,
    },
    /// Another managed name stands, and nobody said that it is to be replaced.
    NameStands {
        /// The name.
        name: String,
        /// Whether the file says it; else it is the one that is kept for the file.
        is_written: bool,
    },
    /// `--host` for a service whose name is managed.
    ManagedHost,
    /// The managed name that stands in a file is another service's.
    NameTaken {
        /// The name.
        name: String,
        /// The file of the other service.
        by: String,
    },
    /// A renewal of a service for which no name was made.
    NoName(PathBuf),
    /// Neither `--state` nor the environment says where state is kept.
    NoStateFolder,
    /// A program that should print a password did not.
    PasswordCommand {
        /// The program.
        program: String,
        /// Why.
        fault: ProgramFault,
    },
    /// A file cannot be used for what it is wanted for.
    Unfit {
        /// The path as it was given.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// Another tool's form cannot be read.
    Import {
        /// The path as it was given.
        path: PathBuf,
        /// Why.
        source: keyway_config::ImportError,
    },
    /// Nothing says the name of a zone.
    NoOrigin(PathBuf),
    /// A zone file is not read.
    Zone {
        /// The path as it was given.
        path: PathBuf,
        /// The name of the zone.
        origin: String,
        /// Why.
        source: keyway_dns::zone::ReadError,
    },
    /// What is served cannot be looked at.
    Target(TargetFault),
    /// A service file was changed, and what was to be said of it could not be written.
    Untold {
        /// The path as it was given.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Writing to standard output failed. A closed pipe is no failure and never comes here.
    Output(io::Error),
}

/// What an option says that a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A private key: `--key`.
    Key,
    /// A revocation list: `--crl`.
    Crl,
}

/// Why a program gave no password.
#[derive(Debug)]
pub(crate) enum ProgramFault {
    /// None is named.
    NoProgram,
    /// The system said no.
    System(io::Error),
    /// It took longer than it may, and was ended.
    Late(Duration),
    /// It printed more than is read, in bytes.
    TooMuch(usize),
    /// It says that it failed.
    Ended(ExitStatus),
    /// What it printed is UTF-16.
    Utf16,
}

impl Failure {
    /// The failure of a text that is no service file.
    pub(crate) fn service(
        path: &std::path::Path,
        text: &str,
        source: keyway_config::ReadError,
    ) -> Self {
        let others = source.others().iter().map(|other| other.line(text));
        Self::Service {
            path: path.to_path_buf(),
            line: source.line(text),
            others: others.collect(),
            source: Box::new(source),
        }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl From<FixError> for Failure {
    fn from(error: FixError) -> Self {
        Self::Fix(error)
    }
}
