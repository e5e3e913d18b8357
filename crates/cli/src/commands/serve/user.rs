//! `--user`: whom the server becomes when its sockets are bound.

use std::path::PathBuf;

use crate::failure::{Failure, ServeFault, UserFault};

/// How deep the folders of certificates are, and some.
#[cfg(target_os = "linux")]
const MOST_DEEP: u32 = 8;

/// A user of the system, with a group.
#[derive(Debug, Clone)]
pub(super) struct User {
    /// As it is written.
    written: String,
    #[cfg(target_os = "linux")]
    account: linux::Account,
}

impl User {
    /// The one that is written as `NAME`, `NAME:GROUP` or by numbers.
    pub(super) fn find(written: &str) -> Result<Self, Failure> {
        #[cfg(target_os = "linux")]
        let found = linux::Account::find(written).map(|account| Self {
            written: written.to_owned(),
            account,
        });
        #[cfg(not(target_os = "linux"))]
        let found = Err(UserFault::Elsewhere);
        found.map_err(|fault| failed(written, fault))
    }

    /// Refuses where it may not read one of these files: a server that became this user could not read them again.
    /// Nothing else may run at the same time.
    pub(super) fn reads(&self, files: &[PathBuf]) -> Result<(), Failure> {
        #[cfg(target_os = "linux")]
        let unreadable = self.account.cannot_read(files);
        #[cfg(not(target_os = "linux"))]
        let unreadable = files
            .iter()
            .take(0)
            .map(|_| Err(UserFault::Elsewhere))
            .collect();
        let unreadable: Result<Vec<_>, UserFault> = unreadable;
        let unreadable = unreadable.map_err(|fault| failed(&self.written, fault))?;
        if unreadable.is_empty() {
            return Ok(());
        }
        let user = self.written.clone();
        Err(ServeFault::Unreadable {
            user,
            files: unreadable,
        }
        .into())
    }

    /// Gives these folders to this user with all that is in them, as a server that became it writes there.
    pub(super) fn owns(&self, folders: &[PathBuf]) -> Result<(), Failure> {
        #[cfg(target_os = "linux")]
        for folder in folders.iter().filter(|folder| folder.exists()) {
            let given = self.account.given(folder, MOST_DEEP);
            given
                .and_then(|()| linux::let_through(folder.parent()))
                .map_err(|source| Failure::Owner {
                    path: folder.clone(),
                    source,
                })?;
        }
        #[cfg(not(target_os = "linux"))]
        let _ = folders;
        Ok(())
    }

    /// Becomes this user with every thread, for good.
    pub(super) fn become_it(&self) -> Result<(), Failure> {
        #[cfg(target_os = "linux")]
        let done = self.account.become_it();
        #[cfg(not(target_os = "linux"))]
        let done = Err(UserFault::Elsewhere);
        done.map_err(|fault| failed(&self.written, fault))
    }
}

fn failed(written: &str, fault: UserFault) -> Failure {
    let user = written.to_owned();
    ServeFault::User { user, fault }.into()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::CString;
    use std::fs::File;
    use std::io;
    use std::os::unix::fs::{PermissionsExt as _, lchown};
    use std::path::{Path, PathBuf};

    use nix::errno::Errno;
    use nix::unistd::{self, Gid, Group, Uid};

    use crate::failure::UserFault;

    /// Lets everybody through a folder who knows what is in it: what is in it is for its owners alone.
    pub(super) fn let_through(folder: Option<&Path>) -> io::Result<()> {
        let Some(folder) = folder else {
            return Ok(());
        };
        let mut permissions = folder.metadata()?.permissions();
        permissions.set_mode(permissions.mode() | 0o011);
        std::fs::set_permissions(folder, permissions)
    }

    /// What the system knows of a user.
    #[derive(Debug, Clone)]
    pub(super) struct Account {
        uid: Uid,
        gid: Gid,
        /// Its name, where its other groups are those of the system's list.
        listed: Option<CString>,
    }

    impl Account {
        /// Gives a folder away with all that is in it; links are given, and not followed. Who may not become another
        /// user is told so later.
        pub(super) fn given(&self, path: &Path, deep: u32) -> io::Result<()> {
            if !unistd::geteuid().is_root() {
                return Ok(());
            }
            lchown(path, Some(self.uid.as_raw()), Some(self.gid.as_raw()))?;
            if deep == 0 || !path.symlink_metadata()?.is_dir() {
                return Ok(());
            }
            for entry in path.read_dir()? {
                self.given(&entry?.path(), deep - 1)?;
            }
            Ok(())
        }

        pub(super) fn find(written: &str) -> Result<Self, UserFault> {
            let (name, group) = match written.split_once(':') {
                Some((name, group)) => (name, Some(group)),
                None => (written, None),
            };
            let number = name.parse().ok().map(Uid::from_raw);
            let known = match number {
                Some(uid) => unistd::User::from_uid(uid),
                None => unistd::User::from_name(name),
            };
            let known = known.map_err(system)?;
            let uid = known.as_ref().map(|known| known.uid).or(number);
            let uid = uid.ok_or_else(|| UserFault::NoUser(name.to_owned()))?;
            let gid = match (group, &known) {
                (Some(group), _) => gid(group)?,
                (None, Some(known)) => known.gid,
                (None, None) => return Err(UserFault::NoGroup),
            };
            if uid.is_root() {
                return Err(UserFault::Root);
            }
            let listed = known.and_then(|known| CString::new(known.name).ok());
            Ok(Self { uid, gid, listed })
        }

        /// Whether this is who runs already.
        fn is_here(&self) -> bool {
            (unistd::geteuid(), unistd::getegid()) == (self.uid, self.gid)
        }

        fn take_groups(&self) -> Result<(), UserFault> {
            if !unistd::geteuid().is_root() {
                return Err(UserFault::NotRoot);
            }
            let taken = match &self.listed {
                Some(name) => unistd::initgroups(name, self.gid),
                None => unistd::setgroups(&[self.gid]),
            };
            taken.map_err(system)
        }

        /// Those of these files that are there, and that this user may not open.
        pub(super) fn cannot_read(
            &self,
            files: &[PathBuf],
        ) -> Result<Vec<(PathBuf, io::Error)>, UserFault> {
            if self.is_here() {
                return Ok(Vec::new());
            }
            let (group, groups) = (unistd::getegid(), unistd::getgroups().map_err(system)?);
            self.take_groups()?;
            unistd::setegid(self.gid).map_err(system)?;
            unistd::seteuid(self.uid).map_err(system)?;
            let opened = files.iter().filter_map(|path| {
                let refused = File::open(path).err()?;
                let is_denied = refused.kind() == io::ErrorKind::PermissionDenied;
                is_denied.then(|| (path.clone(), refused))
            });
            let cannot = opened.collect();
            unistd::seteuid(Uid::from_raw(0)).map_err(system)?;
            unistd::setegid(group).map_err(system)?;
            unistd::setgroups(&groups).map_err(system)?;
            Ok(cannot)
        }

        /// Real, effective and saved (credentials(7)); libc does it for all threads (nptl(7)).
        pub(super) fn become_it(&self) -> Result<(), UserFault> {
            if self.is_here() {
                return Ok(());
            }
            self.take_groups()?;
            unistd::setgid(self.gid).map_err(system)?;
            unistd::setuid(self.uid).map_err(system)?;
            let users = unistd::getresuid().map_err(system)?;
            let groups = unistd::getresgid().map_err(system)?;
            let are_users = [users.real, users.effective, users.saved] == [self.uid; 3];
            let are_groups = [groups.real, groups.effective, groups.saved] == [self.gid; 3];
            let is_root_again = unistd::seteuid(Uid::from_raw(0)).is_ok();
            if is_root_again || !are_users || !are_groups {
                return Err(UserFault::Kept);
            }
            Ok(())
        }
    }

    fn gid(written: &str) -> Result<Gid, UserFault> {
        if let Ok(number) = written.parse() {
            return Ok(Gid::from_raw(number));
        }
        let known = Group::from_name(written).map_err(system)?;
        let known = known.ok_or_else(|| UserFault::NoSuchGroup(written.to_owned()))?;
        Ok(known.gid)
    }

    fn system(errno: Errno) -> UserFault {
        UserFault::System(errno.into())
    }
}
