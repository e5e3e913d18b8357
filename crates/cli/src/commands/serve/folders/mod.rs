//! What happens to files, told by the system as far as it does, so that nobody has to look for it all the time.

#[cfg(target_os = "linux")]
mod told;
#[cfg(not(target_os = "linux"))]
#[path = "untold.rs"]
mod told;
#[cfg(target_os = "linux")]
mod way;

pub(super) use told::Folders;
