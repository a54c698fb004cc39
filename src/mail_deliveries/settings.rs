//! Which mail server takes the reminders, and who they are from: settings, checked at the start.

use lettre::message::Mailbox;
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{Tokio1Executor, transport};
use std::fmt;
use std::time::Duration;

/// A mail server that says nothing for so long is away.
const PATIENCE: Duration = Duration::from_secs(20);

/// The settings of mail.
#[derive(Clone)]
pub struct Mail {
    server: transport::smtp::AsyncSmtpTransportBuilder,
    /// Sender.
    pub from: Mailbox,
}

/// The password of the server is nobody's business.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("from", &self.from.to_string()).finish_non_exhaustive()
    }
}

impl Mail {
    /// Reads the settings; what is wrong is added to `wrong`. None where there is no mail server.
    pub fn load(url: Option<String>, from: Option<String>, wrong: &mut Vec<String>) -> Option<Self> {
        let server = url.map(|url| AsyncSmtpTransport::<Tokio1Executor>::from_url(&url));
        let sender = from.map(|text| (text.parse::<Mailbox>(), text));
        match (server, sender) {
            (None, None) => None,
            (Some(Ok(server)), Some((Ok(from), _))) => Some(Self { server, from }),
            (server, sender) => {
                match server {
                    Some(Ok(_)) => {}
                    // The text may hold a password: it is not repeated.
                    Some(Err(_)) => wrong.push(
                        "NGAYHOI_SMTP_URL is not the URL of a mail server such as smtps://user:password@mail.example.org:465 or \
                         smtp://mail.example.org:587?tls=required"
                            .to_owned(),
                    ),
                    None => wrong.push("NGAYHOI_SMTP_URL must be set where NGAYHOI_SMTP_FROM is".to_owned()),
                }
                match sender {
                    Some((Ok(_), _)) => {}
                    Some((Err(_), text)) => {
                        wrong.push(format!("NGAYHOI_SMTP_FROM must be a sender such as Ngày hội <ngayhoi@example.org>, not {text:?}"));
                    }
                    None => wrong.push("NGAYHOI_SMTP_FROM must be set where NGAYHOI_SMTP_URL is".to_owned()),
                }
                None
            }
        }
    }

    /// The way to the mail server; it is opened anew for each letter.
    pub fn transport(&self) -> AsyncSmtpTransport<Tokio1Executor> {
        self.server.clone().timeout(Some(PATIENCE)).build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(url: Option<&str>, from: Option<&str>) -> (Option<Mail>, Vec<String>) {
        let mut wrong = Vec::new();
        let mail = Mail::load(url.map(str::to_owned), from.map(str::to_owned), &mut wrong);
        (mail, wrong)
    }

    #[test]
    fn server_and_sender_come_together_and_what_is_wrong_is_said_without_the_password() {
        assert!(matches!(load(None, None), (None, wrong) if wrong.is_empty()));
        let good = Some("smtps://user:s3cret@mail.example.org");
        let (mail, wrong) = load(good, Some("Ngày hội <ngayhoi@example.org>"));
        assert!(wrong.is_empty() && !format!("{mail:?}").contains("s3cret"));
        for (url, from, names) in [
            (good, None, vec!["NGAYHOI_SMTP_FROM"]),
            (None, Some("ngayhoi@example.org"), vec!["NGAYHOI_SMTP_URL"]),
            (Some("http://user:s3cret@x"), Some("nobody"), vec!["NGAYHOI_SMTP_URL", "NGAYHOI_SMTP_FROM"]),
        ] {
            let (mail, wrong) = load(url, from);
            assert!(mail.is_none() && !wrong.concat().contains("s3cret"), "{wrong:?}");
            assert_eq!(wrong.len(), names.len());
            assert!(names.iter().zip(&wrong).all(|(name, line)| line.starts_with(name)), "{wrong:?}");
        }
    }
}
