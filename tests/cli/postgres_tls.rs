//! PostgreSQL over TLS, in a build that speaks it; the program `openssl` makes the certificates:
//! `cargo test --features postgres-tls --test cli postgres_tls`.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::portal::{Portal, Run};
use crate::support::postgres::{Cluster, cluster};

/// A certificate that signs itself, for 127.0.0.1 alone, and its key.
fn certificate(folder: &Path, name: &str) -> (PathBuf, PathBuf) {
    let (certificate, key) = (folder.join(format!("{name}.pem")), folder.join(format!("{name}.key")));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=hikae", "-addext", "subjectAltName=IP:127.0.0.1", "-out"])
        .arg(&certificate)
        .arg("-keyout")
        .arg(&key)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    (certificate, key)
}

/// Lets the cluster speak TLS, and makes a database that is closed to anybody who does not.
fn closed_to_plain_text(cluster: &Cluster, database: &str) -> PathBuf {
    let (certificate, key) = certificate(&cluster.folder, "server");
    let owner = fs::metadata(cluster.folder.join("data")).unwrap().uid();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    for file in [&certificate, &key] {
        chown(file, Some(owner), None).unwrap();
    }
    let rules = cluster.folder.join("data/pg_hba.conf");
    let before = fs::read_to_string(&rules).unwrap();
    fs::write(&rules, format!("hostnossl {database} all 0.0.0.0/0 reject\n{before}")).unwrap();
    let settings = cluster.folder.join("data/postgresql.conf");
    let more = format!("\nssl = on\nssl_cert_file = '{}'\nssl_key_file = '{}'\n", certificate.display(), key.display());
    fs::write(&settings, fs::read_to_string(&settings).unwrap() + &more).unwrap();
    let data = cluster.folder.join("data");
    let url = cluster.url("postgres");
    for (program, arguments) in [
        ("pg_ctl", vec!["reload", "-D", data.to_str().unwrap()]),
        ("psql", vec!["-d", &url, "-c", &format!("CREATE DATABASE {database}")]),
    ] {
        let run = cluster.run(program, &arguments).unwrap();
        assert!(run.status.success(), "{program}: {}", String::from_utf8_lossy(&run.stderr));
    }
    certificate
}

#[test]
fn a_server_is_spoken_to_over_tls_when_it_proves_who_it_is_and_never_else() {
    let cluster = cluster();
    let root = closed_to_plain_text(cluster, "over_tls");
    let (stranger, _) = certificate(&cluster.folder, "stranger");
    let migrate = |host: &str, mode: &str, root: &Path| -> Run {
        let url = format!(
            "postgres://hikae@{host}:{}/over_tls?connect_timeout=10&sslmode={mode}&sslrootcert={}",
            cluster.port,
            root.display()
        );
        Portal::empty_on_sqlite().set("DATABASE_URL", &url).run(&["migrate"])
    };
    migrate("127.0.0.1", "verify-full", &root).done();
    migrate("127.0.0.1", "verify-ca", &root).done();
    // The certificate of somebody else, and the right one under a name it does not hold.
    migrate("127.0.0.1", "verify-full", &stranger).refused(&["certificate verify failed"]);
    migrate("localhost", "verify-full", &root).refused(&["does not match host name"]);
    migrate("127.0.0.1", "verify-full", Path::new("/nowhere/root.pem")).refused(&["/nowhere/root.pem"]);
    // The server itself says that the first two were over TLS.
    migrate("127.0.0.1", "disable", &root).refused(&["no encryption"]);
}
