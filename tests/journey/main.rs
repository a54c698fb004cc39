//! `make journey`: plays a campaign against a running server in demo mode, over HTTP only, and prints it.
//!
//! The server is `NGAYHOI_URL` (else the one of `NGAYHOI_LISTEN`), the accounts are `demo-users.json` in
//! `NGAYHOI_DATA_DIR`. The first expectation that fails ends the story with exit code 1.

#[path = "story.rs"]
mod story;

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use story::{Account, Failure, Setting};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Err(failure) = play().await else { return ExitCode::SUCCESS };
    println!("\nCâu chuyện dừng ở đây.\n{failure}");
    eprintln!("ngayhoi journey: {failure}");
    ExitCode::FAILURE
}

async fn play() -> Result<(), Failure> {
    let listen = env::var("NGAYHOI_LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let url = env::var("NGAYHOI_URL").unwrap_or_else(|_| format!("http://{listen}"));
    story::play(Setting { url, accounts: accounts()?, check: None }).await
}

fn accounts() -> Result<Vec<Account>, Failure> {
    let file = PathBuf::from(env::var("NGAYHOI_DATA_DIR").unwrap_or_else(|_| ".ngayhoi".to_owned())).join("demo-users.json");
    let unreadable = |error: String| Failure::new(format!("tệp tài khoản mẫu {} (chạy `make run` trước)", file.display()), error);
    let text = fs::read_to_string(&file).map_err(|error| unreadable(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| unreadable(error.to_string()))
}
