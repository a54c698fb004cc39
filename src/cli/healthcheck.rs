//! Asks a running service whether it is ready: for containers that have no HTTP client.

use super::Outcome;
use crate::config::Config;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// Fails unless `/readyz` answers 200.
pub fn run(config: &Config) -> Outcome<()> {
    let wait = Some(Duration::from_secs(3));
    let mut address: SocketAddr = config.listen;
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(wait)?;
    stream.set_write_timeout(wait)?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    if head.ends_with(b" 200") { Ok(()) } else { Err("the service is not ready".into()) }
}
