//! Whether a folder is a place where a live book is safe: not one that another program or another machine writes to.
//!
//! A synced folder may put an older file back, or two halves of two days side by side; over a network locks and syncs are
//! promises. A book there is warned of and not refused; backups may lie there.

use std::path::{Component, Path};

/// Who else writes to a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shared {
    /// A program that copies it elsewhere: `Dropbox`.
    Synced(&'static str),
    /// Another machine: `nfs4`.
    Network(String),
}

/// What a folder of a syncing program is called, or begins with.
const NAMES: [(&str, &str); 15] = [
    ("Dropbox", "Dropbox"),
    ("OneDrive", "OneDrive"),
    ("iCloud Drive", "iCloud"),
    ("iCloudDrive", "iCloud"),
    ("Mobile Documents", "iCloud"),
    ("Google Drive", "Google Drive"),
    ("GoogleDrive", "Google Drive"),
    ("My Drive", "Google Drive"),
    ("Nextcloud", "Nextcloud"),
    ("ownCloud", "ownCloud"),
    ("Syncthing", "Syncthing"),
    ("pCloudDrive", "pCloud"),
    ("MEGA", "MEGA"),
    ("Proton Drive", "Proton Drive"),
    ("CloudStorage", "a cloud drive"),
];

/// What such a program leaves in the folder that it syncs.
const MARKS: [(&str, &str); 6] = [
    (".dropbox", "Dropbox"),
    (".dropbox.cache", "Dropbox"),
    (".stfolder", "Syncthing"),
    (".owncloudsync.log", "Nextcloud"),
    (".nextcloudsync.log", "Nextcloud"),
    (".tmp.drivedownload", "Google Drive"),
];

/// File systems that lie on another machine, as Linux names them.
const NETWORK: [&str; 17] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afs",
    "9p",
    "ceph",
    "glusterfs",
    "davfs",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.davfs2",
    "fuse.glusterfs",
    "fuse.s3fs",
    "fuse.google-drive-ocamlfuse",
    "fuse.gvfsd-fuse",
];

/// Who else writes to this folder, as far as that can be told.
pub fn shared(folder: &Path) -> Option<Shared> {
    let folder = &std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    synced(folder, |mark| mark.exists()).map(Shared::Synced).or_else(|| network(folder, &mounts).map(Shared::Network))
}

fn synced(folder: &Path, is_there: impl Fn(&Path) -> bool) -> Option<&'static str> {
    let named = folder.components().find_map(|component| {
        let Component::Normal(name) = component else { return None };
        let name = name.to_string_lossy();
        NAMES.into_iter().find(|(begins, _)| is_called(&name, begins)).map(|(_, program)| program)
    });
    named.or_else(|| {
        let marks = |folder: &Path| MARKS.into_iter().find(|(mark, _)| is_there(&folder.join(mark)));
        folder.ancestors().find_map(marks).map(|(_, program)| program)
    })
}

/// `OneDrive`, and `OneDrive - Harbor Dental`; not `Dropboxes`.
fn is_called(name: &str, begins: &str) -> bool {
    let folded = name.to_lowercase();
    folded.strip_prefix(&begins.to_lowercase()).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '-', '(']))
}

/// The file system of another machine that the folder lies on, by Linux's table of mounts; or a Windows share.
fn network(folder: &Path, mounts: &str) -> Option<String> {
    if let Some(Component::Prefix(prefix)) = folder.components().next() {
        use std::path::Prefix;
        return matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))
            .then(|| "a Windows share".to_owned());
    }
    let kind = mounts
        .lines()
        .filter_map(|mount| {
            let mut fields = mount.split(' ').skip(1);
            // A blank in a path is written as its octal number.
            Some((fields.next()?.replace("\\040", " "), fields.next()?))
        })
        .filter(|(place, _)| folder.starts_with(place))
        .max_by_key(|(place, _)| place.len())?
        .1;
    NETWORK.contains(&kind).then(|| kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn synced_by(folder: &str) -> Option<&'static str> {
        synced(Path::new(folder), |_| false)
    }

    #[test]
    fn a_synced_folder_is_known_by_its_name() {
        for (folder, program) in [
            ("/home/dana/Dropbox/Books/Mine.refbook", "Dropbox"),
            ("/home/dana/Dropbox (Personal)/Mine.refbook", "Dropbox"),
            ("/home/dana/OneDrive - Harbor Dental/Mine.refbook", "OneDrive"),
            ("/Users/dana/Library/Mobile Documents/com~apple~CloudDocs/Mine.refbook", "iCloud"),
            ("/Users/dana/Library/CloudStorage/Box-Box/Mine.refbook", "a cloud drive"),
            ("/home/dana/google drive/Mine.refbook", "Google Drive"),
            ("/home/dana/Nextcloud/Mine.refbook", "Nextcloud"),
            ("/home/dana/Syncthing/Mine.refbook", "Syncthing"),
        ] {
            assert_eq!(synced_by(folder), Some(program), "{folder}");
        }
        for folder in ["/home/dana/Documents/Mine.refbook", "/home/dana/Dropboxes/Mine.refbook", "/srv/megalith"] {
            assert_eq!(synced_by(folder), None, "{folder}");
        }
    }

    #[test]
    fn a_synced_folder_is_known_by_what_its_program_leaves_there() {
        let is_there = |mark: &Path| mark == Path::new("/srv/shared/.stfolder");
        assert_eq!(synced(Path::new("/srv/shared/books/Mine.refbook"), is_there), Some("Syncthing"));
        assert_eq!(synced(Path::new("/srv/other/Mine.refbook"), is_there), None);
    }

    #[test]
    fn a_network_folder_is_known_by_its_file_system() {
        let mounts = "/dev/sda1 / ext4 rw 0 0\n\
            server:/books /mnt/books nfs4 rw 0 0\n\
            //nas/team /mnt/the\\040team cifs rw 0 0\n\
            /dev/sdb1 /mnt/books/local ext4 rw 0 0\n";
        let network = |folder| network(Path::new(folder), mounts);
        assert_eq!(network("/mnt/books/Mine.refbook").as_deref(), Some("nfs4"));
        assert_eq!(network("/mnt/the team/Mine.refbook").as_deref(), Some("cifs"));
        assert_eq!(network("/mnt/books/local/Mine.refbook"), None, "the nearest mount counts");
        assert_eq!(network("/home/dana/Mine.refbook"), None);
    }
}
