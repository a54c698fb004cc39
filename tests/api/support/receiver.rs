//! A receiver of webhooks: keeps what it is sent, and answers as a test wants it to.

use super::Value;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A message as it came.
#[derive(Debug, Clone)]
pub struct Message {
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Message {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The ids of its changes, in their order.
    pub fn changes(&self) -> Vec<String> {
        self.json()["data"]["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    }
}

#[derive(Default)]
struct State {
    answers: VecDeque<u16>,
    messages: Vec<Message>,
}

/// The receiver; it ends with the runtime of its test.
pub struct Receiver {
    pub origin: String,
    state: Arc<Mutex<State>>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (origin, state) = (format!("http://{}", listener.local_addr().unwrap()), Arc::new(Mutex::new(State::default())));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&shared)));
            }
        });
        Self { origin, state }
    }

    /// What the next messages are answered; those after them 204.
    pub fn will_answer(&self, statuses: &[u16]) {
        self.state.lock().unwrap().answers.extend(statuses);
    }

    /// All that came, answered well or not.
    pub fn messages(&self) -> Vec<Message> {
        self.state.lock().unwrap().messages.clone()
    }

    /// The changes of all messages, in the order in which they came.
    pub fn changes(&self) -> Vec<String> {
        self.messages().iter().flat_map(Message::changes).collect()
    }
}

async fn answer(stream: TcpStream, state: Arc<Mutex<State>>) {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut headers, mut line) = (HashMap::new(), String::new());
        loop {
            line.clear();
            if stream.read_line(&mut line).await.unwrap_or_default() == 0 {
                return;
            }
            if line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.trim_end().split_once(": ") {
                headers.insert(name.to_ascii_lowercase(), value.to_owned());
            }
        }
        let mut body = vec![0; headers["content-length"].parse().unwrap()];
        stream.read_exact(&mut body).await.unwrap();
        let status = {
            let mut state = state.lock().unwrap();
            state.messages.push(Message { headers, body });
            state.answers.pop_front().unwrap_or(204)
        };
        let location = if status == 302 { "location: /elsewhere\r\n" } else { "" };
        if stream.write_all(format!("HTTP/1.1 {status} x\r\n{location}content-length: 0\r\n\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}
