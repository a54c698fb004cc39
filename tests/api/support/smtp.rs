//! A mail server that speaks SMTP (RFC 5321), and behaves as a test wants it to.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ngayhoi::mail_deliveries::settings::Mail;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How it treats one letter.
#[derive(Debug, Clone, Copy)]
pub enum Manner {
    /// Answers the recipient with this line.
    Recipient(&'static str),
    /// Takes the text, and answers with this line.
    Text(&'static str),
    /// Takes the text, and hangs up.
    HangUp,
}

/// A letter that it took, or may have taken.
#[derive(Debug, Clone)]
pub struct Letter {
    pub to: String,
    /// Headers and text as they came.
    pub raw: String,
}

impl Letter {
    pub fn header(&self, name: &str) -> String {
        let headers = self.raw.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let line = headers.lines().find(|line| line.starts_with(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in {headers}"))[name.len() + 2..].to_owned()
    }

    /// The text, decoded (RFC 2045, 6.7 and 6.8).
    pub fn text(&self) -> String {
        let body = self.raw.split_once("\r\n\r\n").unwrap().1;
        let bytes = match self.header("Content-Transfer-Encoding").as_str() {
            "base64" => STANDARD.decode(body.replace("\r\n", "")).unwrap(),
            "quoted-printable" => quoted_printable(&body.replace("=\r\n", "")),
            _ => body.as_bytes().to_vec(),
        };
        String::from_utf8(bytes).unwrap()
    }
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let is_escape = byte == b'=';
        let pair: Vec<u8> = if is_escape { rest.by_ref().take(2).collect() } else { vec![] };
        bytes.push(if is_escape { u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap() } else { byte });
    }
    bytes
}

#[derive(Default)]
struct State {
    manners: VecDeque<Manner>,
    letters: Vec<Letter>,
}

/// The server; it ends with the runtime of its test.
pub struct MailServer {
    address: std::net::SocketAddr,
    state: Arc<Mutex<State>>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, state) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(State::default())));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&shared)));
            }
        });
        Self { address, state }
    }

    /// The settings that name it.
    pub fn settings(&self) -> Mail {
        mail(&format!("smtp://{}", self.address))
    }

    /// How the next letters are treated; those after them are taken.
    pub fn treat(&self, manners: &[Manner]) {
        self.state.lock().unwrap().manners.extend(manners);
    }

    /// What it took.
    pub fn letters(&self) -> Vec<Letter> {
        self.state.lock().unwrap().letters.clone()
    }
}

/// Settings of a mail server.
pub fn mail(url: &str) -> Mail {
    let mut wrong = Vec::new();
    let mail = Mail::load(Some(url.to_owned()), Some("Ngày hội <ngayhoi@example.org>".to_owned()), &mut wrong);
    mail.unwrap_or_else(|| panic!("{wrong:?}"))
}

async fn talk(stream: TcpStream, state: Arc<Mutex<State>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let (mut to, mut manner) = (String::new(), Manner::Text("250 taken"));
    write.write_all(b"220 mail.example.org\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-mail.example.org\r\n250 8BITMIME",
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap().to_owned();
                manner = state.lock().unwrap().manners.pop_front().unwrap_or(manner);
                match manner {
                    Manner::Recipient(answer) => answer,
                    Manner::Text(_) | Manner::HangUp => "250 known",
                }
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.unwrap();
                let mut raw = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                    raw.push_str("\r\n");
                }
                let is_taken = !matches!(manner, Manner::Text(answer) if !answer.starts_with('2'));
                if is_taken {
                    state.lock().unwrap().letters.push(Letter { to: to.clone(), raw });
                }
                match manner {
                    Manner::Text(answer) | Manner::Recipient(answer) => answer,
                    Manner::HangUp => return,
                }
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() || line == "QUIT" {
            return;
        }
    }
}
