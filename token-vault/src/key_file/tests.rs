use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::scripted_keys::{NEW, OLD};

/// A directory of its own for every test, gone afterwards.
struct Dir(PathBuf);

impl Dir {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("sociogram-key-file-{}-{number}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn write(&self, text: impl AsRef<[u8]>, mode: u32) -> PathBuf {
        let path = self.0.join("keys");
        fs::write(&path, text).unwrap();
        set_mode(&path, mode);
        path
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) {}

fn id(text: &str) -> KekId {
    LocalKeys::parse(text).unwrap().id()
}

#[test]
fn a_file_holds_what_the_text_would() {
    let dir = Dir::new();
    let file = KeyFile::open(dir.write(format!("{NEW},\n{OLD}\n"), 0o600)).unwrap();
    assert_eq!(file.id(), id(NEW));
    assert_eq!(file.current().ids().cloned().collect::<Vec<_>>(), [id(NEW), id(OLD)]);
    assert!(!format!("{file:?}").contains(OLD));
}

#[tokio::test]
async fn a_rotation_needs_no_restart() {
    let dir = Dir::new();
    let file = KeyFile::open(dir.write(OLD, 0o600)).unwrap();
    dir.write(format!("{NEW},{OLD}"), 0o600);
    assert_eq!(file.id(), id(OLD), "nothing is read before it is asked for");

    let reloaded = file.reload().unwrap();
    assert_eq!(reloaded, Reloaded { primary: id(NEW), added: vec![id(NEW)], removed: vec![] });
    let health = file.health().await.unwrap();
    assert_eq!((health.primary, health.keys.len()), (id(NEW), 2));

    dir.write(NEW, 0o600);
    let reloaded = file.reload().unwrap();
    assert_eq!(reloaded, Reloaded { primary: id(NEW), added: vec![], removed: vec![id(OLD)] });
}

#[test]
fn a_bad_reload_changes_nothing() {
    let dir = Dir::new();
    let file = KeyFile::open(dir.write(OLD, 0o600)).unwrap();
    dir.write("CANARY", 0o600);
    let error = file.reload().unwrap_err();
    assert!(matches!(error, KeyFileError::Text { source: Some(_), .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("CANARY"));
    assert_eq!(file.id(), id(OLD));
    fs::remove_file(file.path()).unwrap();
    assert!(matches!(file.reload().unwrap_err(), KeyFileError::Unreadable { .. }));
    assert_eq!(file.id(), id(OLD));
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_read_or_write_is_refused() {
    let dir = Dir::new();
    for (mode, owner, group) in [
        (0o400, true, true),
        (0o600, true, true),
        (0o700, true, true),
        (0o440, false, true),
        (0o640, false, true),
        (0o620, false, false),
        (0o604, false, false),
        (0o602, false, false),
        (0o644, false, false),
        (0o660, false, false),
    ] {
        let path = dir.write(OLD, 0o600);
        set_mode(&path, mode);
        assert_eq!(KeyFile::open(&path).is_ok(), owner, "{mode:o}");
        assert_eq!(KeyFile::open_for_group(&path).is_ok(), group, "{mode:o}");
        // So that the next round can write it.
        set_mode(&path, 0o600);
    }
    let path = dir.write(OLD, 0o644);
    let expected = format!(
        "the key file {0} is open to others (mode 0644); run `chmod 600 {0}`, and make a new key if somebody may \
         have read it",
        path.display()
    );
    assert_eq!(KeyFile::open(&path).unwrap_err().to_string(), expected);
}

#[cfg(unix)]
#[test]
fn what_a_link_leads_to_is_checked() {
    let dir = Dir::new();
    let target = dir.write(OLD, 0o644);
    let link = dir.0.join("link");
    std::os::unix::fs::symlink(&target, &link).unwrap();
    assert!(matches!(KeyFile::open(&link).unwrap_err(), KeyFileError::TooOpen { mode: 0o644, .. }));
    set_mode(&target, 0o600);
    assert_eq!(KeyFile::open(&link).unwrap().id(), id(OLD));
}

#[test]
fn what_is_no_key_file_is_named() {
    let dir = Dir::new();
    assert!(matches!(KeyFile::open(dir.0.join("none")), Err(KeyFileError::Unreadable { .. })));
    assert!(matches!(KeyFile::open(&dir.0), Err(KeyFileError::NotAFile { .. })));
    let open = |bytes: &[u8]| KeyFile::open(dir.write(bytes, 0o600)).unwrap_err();
    assert!(matches!(open(&[0xff, 0xfe]), KeyFileError::Text { source: None, .. }));
    assert!(matches!(open(b""), KeyFileError::Text { source: Some(_), .. }));
    assert!(matches!(open(&vec![b' '; MAX_LEN + 1]), KeyFileError::TooLong { .. }));
    let padded = format!("{OLD}{}", " ".repeat(MAX_LEN - OLD.len()));
    assert_eq!(KeyFile::open(dir.write(padded, 0o600)).unwrap().id(), id(OLD));
}
