//! A way to a server over TCP that can go silent, as a cable that was cut does: nothing is closed, nothing comes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, UnixStream};
use tokio_postgres::config::Host;

pub struct Proxy {
    pub url: String,
    is_silent: Arc<AtomicBool>,
}

impl Proxy {
    /// To the database of a URL that names a socket.
    pub async fn to(url: &str) -> Self {
        let config: tokio_postgres::Config = url.parse().unwrap();
        let Host::Unix(directory) = &config.get_hosts()[0] else { panic!("not a socket: {url}") };
        let socket = directory.join(format!(".s.PGSQL.{}", config.get_ports()[0]));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (user, database) = (config.get_user().unwrap(), config.get_dbname().unwrap());
        let url = format!("postgresql://{user}@{}/{database}", listener.local_addr().unwrap());
        let is_silent = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&is_silent);
        tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                let Ok(server) = UnixStream::connect(&socket).await else { break };
                let (from_caller, to_caller) = caller.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::spawn(pass_on(from_caller, to_server, Arc::clone(&flag)));
                tokio::spawn(pass_on(from_server, to_caller, Arc::clone(&flag)));
            }
        });
        Self { url, is_silent }
    }

    pub fn set_silent(&self, is_silent: bool) {
        self.is_silent.store(is_silent, Ordering::Relaxed);
    }
}

async fn pass_on(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, is_silent: Arc<AtomicBool>) {
    let mut buffer = [0; 8192];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        while is_silent.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
}
