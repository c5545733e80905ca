//! Addresses that Meta fetches media from.

use std::net::{Ipv4Addr, Ipv6Addr};

use sociogram_api_core::Finding;
use url::{Host, Url};

use super::rules::I28;

/// Names that mean a machine or a network of one's own (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`).
const OWN_NAMES: &[&str] = &["localhost", "local", "internal", "home.arpa", "test", "invalid"];

/// Whether Meta can fetch media from this address at all: `https`, a public host, no user name or password
/// (Instagram Platform: Content Publishing, `image_url` and `video_url`).
///
/// Whether there is a file, without a login and without a page in between, only the internet knows.
pub fn media_url(url: &str) -> Vec<Finding> {
    let problem = match Url::parse(url) {
        Err(_) => Some("not an address"),
        Ok(url) => problem(&url),
    };
    problem.map(|problem| I28.finding("url").measured(problem)).into_iter().collect()
}

/// Named without the address, which may hold a secret.
fn problem(url: &Url) -> Option<&'static str> {
    if url.scheme() != "https" {
        return Some("not https");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("a user name or password in the address");
    }
    match url.host() {
        None => Some("no host"),
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
            let is_own = |own: &&str| {
                name.strip_suffix(*own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            };
            (OWN_NAMES.iter().any(is_own) || !name.contains('.')).then_some("a host that is not public")
        }
        Some(Host::Ipv4(ip)) => (!is_public_v4(ip)).then_some("an IP address that is not public"),
        Some(Host::Ipv6(ip)) => (!is_public_v6(ip)).then_some("an IP address that is not public"),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_shared = a == 100 && b & 0xc0 == 64;
    let is_benchmark = a == 198 && b & 0xfe == 18;
    let is_protocol = (a, b, c) == (192, 0, 0);
    !(a == 0
        || a >= 224
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || is_shared
        || is_benchmark
        || is_protocol)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(inner) = ip.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    // Only 2000::/3 is given out; of it 2001:db8::/32 is for documentation, and 6to4 holds an older address.
    match ip.octets() {
        [0x20, 0x01, 0x0d, 0xb8, ..] => false,
        [0x20, 0x02, inner @ ..] => {
            inner.first_chunk().is_some_and(|inner: &[u8; 4]| is_public_v4(Ipv4Addr::from(*inner)))
        }
        [first, ..] => first & 0xe0 == 0x20,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses_pass() {
        for url in [
            "https://example.com/a.jpg",
            "https://cdn.example.com:8443/a.jpg?signature=x&b=%20",
            "https://example.com./a.jpg",
            "https://bücher.example/a.jpg",
            "https://8.8.8.8/a.jpg",
            "https://100.63.0.1/a.jpg",
            "https://[2606:4700::1111]/a.jpg",
            "https://localhost.example.com/a.jpg",
            "https://mylocal.example/a.jpg",
        ] {
            assert_eq!(media_url(url), [], "{url}");
        }
    }

    #[test]
    fn what_meta_cannot_or_must_not_read_is_refused() {
        for (url, problem) in [
            ("", "not an address"),
            ("a.jpg", "not an address"),
            ("https://", "not an address"),
            ("http://example.com/a.jpg", "not https"),
            ("ftp://example.com/a.jpg", "not https"),
            ("data:image/jpeg;base64,AAAA", "not https"),
            ("https://user@example.com/a.jpg", "a user name or password in the address"),
            ("https://user:secret@example.com/a.jpg", "a user name or password in the address"),
            ("https://localhost/a.jpg", "a host that is not public"),
            ("https://LOCALHOST./a.jpg", "a host that is not public"),
            ("https://a.localhost/a.jpg", "a host that is not public"),
            ("https://printer.local/a.jpg", "a host that is not public"),
            ("https://minio.internal/a.jpg", "a host that is not public"),
            ("https://minio:9000/a.jpg", "a host that is not public"),
            ("https://127.0.0.1/a.jpg", "an IP address that is not public"),
            ("https://127.1/a.jpg", "an IP address that is not public"),
            ("https://0x7f000001/a.jpg", "an IP address that is not public"),
            ("https://2130706433/a.jpg", "an IP address that is not public"),
            ("https://10.0.0.8/a.jpg", "an IP address that is not public"),
            ("https://172.31.255.255/a.jpg", "an IP address that is not public"),
            ("https://192.168.1.1/a.jpg", "an IP address that is not public"),
            ("https://169.254.169.254/latest", "an IP address that is not public"),
            ("https://100.64.0.1/a.jpg", "an IP address that is not public"),
            ("https://198.19.0.1/a.jpg", "an IP address that is not public"),
            ("https://192.0.0.1/a.jpg", "an IP address that is not public"),
            ("https://203.0.113.5/a.jpg", "an IP address that is not public"),
            ("https://0.0.0.0/a.jpg", "an IP address that is not public"),
            ("https://224.0.0.1/a.jpg", "an IP address that is not public"),
            ("https://[::1]/a.jpg", "an IP address that is not public"),
            ("https://[fe80::1]/a.jpg", "an IP address that is not public"),
            ("https://[fd00::1]/a.jpg", "an IP address that is not public"),
            ("https://[::ffff:10.0.0.1]/a.jpg", "an IP address that is not public"),
            ("https://[2002:a00:1::]/a.jpg", "an IP address that is not public"),
            ("https://[2001:db8::1]/a.jpg", "an IP address that is not public"),
        ] {
            let findings = media_url(url);
            assert_eq!(findings.len(), 1, "{url}");
            assert_eq!(findings[0].measured_value(), Some(problem), "{url}");
            assert_eq!(findings[0].rule(), I28.name);
            assert!(!findings[0].to_string().contains("secret"));
        }
    }
}
