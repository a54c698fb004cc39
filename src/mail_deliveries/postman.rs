//! Takes letters from the outbox to the mail server (RFC 5321), one at a time.
//!
//! A letter is claimed in a transaction of its own before anything is said to the server. What the server answers decides:
//! taken, refused for good, or put off. When the conversation breaks after the letter may have been handed over, or the service
//! dies with a letter in hand, nobody knows; such a letter is never sent again.

use super::letter::{Item, Letter};
use super::model::{MailDelivery, MailState};
use super::outbox;
use super::settings::Mail;
use crate::auth::Scope;
use crate::campaigns;
use crate::db::{Conn, Db};
use crate::error::AppError;
use crate::reminders;
use chrono::{DateTime, Duration, Utc};
use lettre::message::{Mailbox, Message, header::ContentType};
use lettre::transport::smtp::{AsyncSmtpTransport, Error as SmtpError};
use lettre::{Address, AsyncTransport, Tokio1Executor};

/// How often the outbox is looked into.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(10);
/// A conversation has ended long before.
const LEASE: Duration = Duration::minutes(10);
/// A reminder that is older is of no use any more.
const KEPT_TRYING: Duration = Duration::days(2);
/// Between one attempt and the next: the last holds for all that follow.
const WAITS: [Duration; 4] = [Duration::minutes(1), Duration::minutes(5), Duration::minutes(30), Duration::hours(2)];

/// Why nothing was handed over.
const UNREACHABLE: &str = "unreachable";
const NO_ADDRESS: &str = "no_address";

/// Who takes letters to the mail server.
pub struct Postman {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// What became of a letter.
enum Outcome {
    Sent,
    /// Nobody has it; try again later.
    PutOff(String),
    Failed(String),
    Unknown,
    Cancelled,
}

/// Starts the rounds on the current runtime. One that fails is logged and made up for by the next.
pub fn start(database_url: String, mail: &Mail) -> actix_web::rt::task::JoinHandle<()> {
    let postman = Postman::new(mail);
    actix_web::rt::spawn(async move {
        let db = match Db::new(&database_url) {
            Ok(db) => db,
            Err(error) => return log::error!(error = error.to_string().as_str(); "reminders are not mailed"),
        };
        loop {
            match postman.deliver(&db, Utc::now()).await {
                Ok(0) => {}
                Ok(count) => log::info!(count = count; "reminders went out by mail"),
                Err(error) => log::warn!(error = error.to_string().as_str(); "mail is put off"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    })
}

impl Postman {
    /// One for a mail server.
    pub fn new(mail: &Mail) -> Self {
        Self { transport: mail.transport(), from: mail.from.clone() }
    }

    /// Takes out what waits at an instant, a letter for each official; gives how many the server took. A server that cannot be
    /// reached ends the round.
    pub async fn deliver(&self, db: &Db, now: DateTime<Utc>) -> Result<usize, AppError> {
        let lost = db.transaction(async |conn| outbox::lapse(conn, now - LEASE, now).await).await?;
        if lost > 0 {
            log::warn!(count = lost; "reminders whose mail may have gone out are not sent again");
        }
        let mut sent = 0;
        // Written before the claim is committed: what cannot be read is not claimed.
        while let Some((claimed, written)) = db.transaction(async |conn| self.next(conn, now).await).await? {
            let outcome = match written {
                Ok(message) => self.hand_over(message).await,
                Err(outcome) => outcome,
            };
            let done: Vec<MailDelivery> = claimed.into_iter().map(|delivery| after(delivery, &outcome, now)).collect();
            db.transaction(async |conn| outbox::save_claimed(conn, &done).await).await?;
            match outcome {
                Outcome::Sent => sent += 1,
                Outcome::PutOff(why) if why == UNREACHABLE => {
                    log::warn!("the mail server cannot be reached");
                    break;
                }
                _ => {}
            }
        }
        Ok(sent)
    }

    /// What goes out next: claimed, with the letter, or with why there is none.
    async fn next(&self, conn: &Conn, now: DateTime<Utc>) -> Result<Option<(Vec<MailDelivery>, Result<Message, Outcome>)>, AppError> {
        let claimed = outbox::claim(conn, now).await?;
        let Some(first) = claimed.first() else { return Ok(None) };
        let written = match outbox::address(conn, first.user_id).await?.map(|address| address.parse::<Address>()) {
            None => Err(Outcome::Cancelled),
            Some(Err(_)) => Err(Outcome::Failed(NO_ADDRESS.to_owned())),
            Some(Ok(address)) => Ok(self.write(first, address, &letter(conn, &claimed).await?)?),
        };
        Ok(Some((claimed, written)))
    }

    fn write(&self, first: &MailDelivery, address: Address, letter: &Letter) -> Result<Message, AppError> {
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(letter.subject())
            .message_id(Some(format!("<{}-{}@{}>", first.id, first.attempts, self.from.email.domain())))
            .date(std::time::SystemTime::from(Utc::now()))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text())
            .map_err(AppError::internal)
    }

    async fn hand_over(&self, message: Message) -> Outcome {
        // Whatever goes wrong in this conversation, no letter was in it.
        match self.transport.test_connection().await {
            Ok(true) => {}
            Ok(false) => return Outcome::PutOff(UNREACHABLE.to_owned()),
            Err(error) => return Outcome::PutOff(reply_code(&error).unwrap_or_else(|| UNREACHABLE.to_owned())),
        }
        match self.transport.send(message).await {
            Ok(_) => Outcome::Sent,
            Err(error) => match reply_code(&error) {
                Some(code) if error.is_permanent() => Outcome::Failed(code),
                Some(code) => Outcome::PutOff(code),
                None => Outcome::Unknown,
            },
        }
    }
}

/// What one official is reminded of.
async fn letter(conn: &Conn, claimed: &[MailDelivery]) -> Result<Letter, AppError> {
    let scope = Scope::system("mail");
    let (mut items, mut addressed) = (Vec::with_capacity(claimed.len()), String::new());
    for delivery in claimed {
        let (reminder, _, who, to) = reminders::queries::find(conn, &scope, delivery.reminder_id).await?;
        let campaign = campaigns::queries::find(conn, &scope, delivery.campaign_id).await?.name;
        items.push(Item { reminder, who, campaign });
        addressed = to;
    }
    items.sort_by(|left, right| (left.reminder.due_before, &left.who).cmp(&(right.reminder.due_before, &right.who)));
    Ok(Letter { to: addressed, items })
}

/// The code of a reply that refuses: then the server has taken nothing. Its words may name the address, and are not kept.
fn reply_code(error: &SmtpError) -> Option<String> {
    let code = error.status()?;
    (error.is_permanent() || error.is_transient()).then(|| format!("smtp_{code}"))
}

/// The delivery as it is after an attempt.
fn after(delivery: MailDelivery, outcome: &Outcome, now: DateTime<Utc>) -> MailDelivery {
    let ended = |state, failure: Option<&str>| MailDelivery {
        state,
        failure: failure.map(str::to_owned),
        finished_at: Some(now),
        ..delivery.clone()
    };
    match outcome {
        Outcome::Sent => ended(MailState::Sent, None),
        Outcome::Failed(why) => ended(MailState::Failed, Some(why)),
        Outcome::Unknown => ended(MailState::Unknown, Some("broken_off")),
        Outcome::Cancelled => ended(MailState::Cancelled, Some(NO_ADDRESS)),
        Outcome::PutOff(why) if now - delivery.created_at >= KEPT_TRYING => ended(MailState::Failed, Some(why)),
        Outcome::PutOff(why) => {
            let turn = usize::try_from(delivery.attempts.saturating_sub(1)).unwrap_or_default();
            let wait = WAITS.get(turn).or(WAITS.last()).copied().unwrap_or_default();
            MailDelivery { state: MailState::Queued, failure: Some(why.clone()), next_attempt_at: Some(now + wait), ..delivery }
        }
    }
}
