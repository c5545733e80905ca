//! What is left when a process with a server ends: nothing.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Lines};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use sociogram_test_postgres::require_postgres;
use sqlx::{Connection, PgConnection};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sociogram-test-postgres");

fn program() -> Command {
    let mut command = Command::new(PROGRAM);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// A process with a running server.
struct Running {
    process: Child,
    /// Open as long as the process writes.
    _output: Lines<BufReader<ChildStdout>>,
    /// The directory of the process.
    home: PathBuf,
    owner_url: String,
    /// The server and all else it has started.
    started: Vec<u32>,
}

impl Running {
    fn start(mut command: Command) -> Running {
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut value = |name: &str| {
            let line = lines.next().expect("the server has started").unwrap();
            line.strip_prefix(name).unwrap_or_else(|| panic!("{name} {line}")).to_owned()
        };
        let directory = PathBuf::from(value("directory="));
        let owner_url = value("owner_url=");
        let home = directory.parent().unwrap().to_owned();
        let started = descendants(process.id());
        assert!(!memory_of(&started).is_empty(), "a server has some");
        assert!(started.len() > 3, "a sweeper, a server and its processes: {started:?}");
        Running { process, _output: lines, home, owner_url, started }
    }

    fn assert_nothing_left(&self) {
        let running = || self.started.iter().filter(|pid| is_alive(**pid)).collect::<Vec<_>>();
        wait_until(
            || running().is_empty() && !self.home.exists(),
            || format!("processes {:?}, {} exists: {}", running(), self.home.display(), self.home.exists()),
        );
    }
}

fn wait_until(is_so: impl Fn() -> bool, why_not: impl Fn() -> String) {
    for _ in 0..1000 {
        if is_so() {
            return;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("{}", why_not());
}

fn stat(pid: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

/// Also where its parent, which may be a container's first process, never collects it.
fn is_alive(pid: u32) -> bool {
    stat(pid).is_some_and(|(state, _)| state != 'Z')
}

fn processes() -> Vec<u32> {
    let names = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.file_name());
    names.filter_map(|name| name.to_str()?.parse().ok()).collect()
}

fn descendants(of: u32) -> Vec<u32> {
    let all: Vec<_> = processes().into_iter().filter_map(|pid| Some((pid, stat(pid)?.1))).collect();
    let mut found = vec![of];
    let mut at = 0;
    while let Some(&parent) = found.get(at) {
        found.extend(all.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        at += 1;
    }
    found.split_off(1)
}

/// The System V memory segments that these processes have made ("proc(5)": /proc/sysvipc/shm).
fn memory_of(makers: &[u32]) -> Vec<String> {
    let segments = fs::read_to_string("/proc/sysvipc/shm").unwrap_or_default();
    let maker = |line: &str| line.split_whitespace().nth(4)?.parse().ok();
    let made = |line: &&str| maker(line).is_some_and(|maker| makers.contains(&maker));
    segments.lines().filter(made).map(str::to_owned).collect()
}

fn command_line(pid: u32) -> String {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&line).replace('\0', " ")
}

fn signal(signal: &str, target: &str) {
    let status =
        Command::new("sh").args(["-c", "kill -s \"$0\" -- \"$1\"", signal, target]).status().unwrap();
    assert!(status.success());
}

fn answers(url: &str) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(PgConnection::connect(url)).is_ok()
}

#[test]
fn nothing_is_left_of_a_killed_process() {
    require_postgres!();
    let mut running = Running::start(program());
    assert!(answers(&running.owner_url));
    running.process.kill().unwrap();
    running.process.wait().unwrap();
    running.assert_nothing_left();
    assert!(!answers(&running.owner_url));
}

#[test]
fn nothing_is_left_of_a_process_that_ends_by_itself() {
    require_postgres!();
    let mut running = Running::start(program());
    drop(running.process.stdin.take());
    assert!(running.process.wait().unwrap().success());
    running.assert_nothing_left();
}

#[test]
fn nothing_is_left_after_ctrl_c() {
    require_postgres!();
    let mut command = program();
    command.process_group(0);
    let mut running = Running::start(command);
    signal("INT", &format!("-{}", running.process.id()));
    assert!(!running.process.wait().unwrap().success());
    running.assert_nothing_left();
}

#[test]
fn nothing_is_left_when_the_kill_comes_during_the_start() {
    require_postgres!();
    for delay in [5, 20, 50, 100, 200, 400, 600, 700, 800] {
        let mut process = program().spawn().unwrap();
        sleep(Duration::from_millis(delay));
        let started = descendants(process.id());
        process.kill().unwrap();
        process.wait().unwrap();
        let name = format!("/sociogram-pg-{}-", process.id());
        let left = || {
            let alive = started.iter().copied().filter(|pid| is_alive(*pid));
            let named = processes().into_iter().filter(|pid| command_line(*pid).contains(&name));
            let bases = [PathBuf::from("/dev/shm"), std::env::temp_dir()];
            let files = bases.iter().flat_map(|base| fs::read_dir(base).into_iter().flatten().flatten());
            let files = files.filter(|file| file.path().to_str().is_some_and(|path| path.contains(&name)));
            (alive.chain(named).collect::<Vec<_>>(), files.map(|file| file.path()).collect::<Vec<_>>())
        };
        let is_empty = || left().0.is_empty() && left().1.is_empty();
        wait_until(is_empty, || format!("after {delay} ms: {:?}", left()));
    }
}

#[test]
fn without_its_sweeper_the_server_ends_and_the_next_process_removes_the_files() {
    require_postgres!();
    let mut running = Running::start(program());
    let name = running.home.to_str().unwrap().to_owned();
    let is_sweeper = |pid: &&u32| command_line(**pid).contains(&format!("sweep {name} QUIT claim"));
    let sweeper = *running.started.iter().find(is_sweeper).expect("a sweeper");
    signal("KILL", &sweeper.to_string());
    running.process.kill().unwrap();
    running.process.wait().unwrap();
    let alive = || running.started.iter().filter(|pid| is_alive(**pid)).count();
    wait_until(|| alive() == 0, || format!("{} processes are left", alive()));
    assert!(running.home.exists());

    let mut young = Running::start(program());
    assert!(running.home.exists(), "a young directory may be one that is being set up");
    make_old(&running.home);
    let mut next = Running::start(program());
    running.assert_nothing_left();
    for process in [&mut young.process, &mut next.process] {
        process.kill().unwrap();
        process.wait().unwrap();
    }
}

fn make_old(directory: &Path) {
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    File::open(directory).unwrap().set_modified(long_ago).unwrap();
}

#[test]
#[allow(
    clippy::incompatible_msrv,
    reason = "this package needs the Rust version of sqlx, not that of the libraries"
)]
fn the_files_of_a_living_process_are_left_alone() {
    require_postgres!();
    let mut model = Running::start(program());
    let (uid, gid) = fs::metadata(&model.home).map(|model| (model.uid(), model.gid())).unwrap();
    let home = |name: &str| {
        let home = model.home.with_file_name(format!("sociogram-pg-{name}-{}", std::process::id()));
        fs::create_dir(&home).unwrap();
        let alive = File::create(home.join("alive")).unwrap();
        chown(&home, Some(uid), Some(gid)).unwrap();
        make_old(&home);
        (home, alive)
    };
    let ((living, alive), (dead, _)) = (home("living"), home("dead"));
    alive.lock().unwrap();
    let mut next = Running::start(program());
    wait_until(|| !dead.exists(), || "the dead one is still there".to_owned());
    assert!(living.exists());
    fs::remove_dir_all(&living).unwrap();
    for process in [&mut model.process, &mut next.process] {
        process.kill().unwrap();
        process.wait().unwrap();
    }
}

#[test]
fn root_runs_the_server_as_another_user_and_another_user_runs_it_as_itself() {
    require_postgres!();
    let mut running = Running::start(program());
    let own = fs::metadata("/proc/self").unwrap().uid();
    let servers = fs::metadata(&running.home).unwrap().uid();
    running.process.kill().unwrap();
    running.process.wait().unwrap();
    if own != 0 {
        assert_eq!(servers, own);
        return;
    }
    assert_ne!(servers, 0);
    let nobody = 65_534;
    // The build directory may be closed to others.
    let copies = std::env::temp_dir().join(format!("sociogram-program-{}", std::process::id()));
    let copy = copies.join("program");
    fs::create_dir(&copies).unwrap();
    fs::set_permissions(&copies, fs::Permissions::from_mode(0o755)).unwrap();
    fs::copy(PROGRAM, &copy).unwrap();
    let mut command = Command::new(&copy);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).current_dir("/").uid(nobody).gid(nobody);
    let mut running = Running::start(command);
    fs::remove_dir_all(&copies).unwrap();
    assert_eq!(fs::metadata(&running.home).unwrap().uid(), nobody);
    assert!(answers(&running.owner_url));
    running.process.kill().unwrap();
    running.process.wait().unwrap();
    running.assert_nothing_left();
}
