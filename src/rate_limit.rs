//! Rate limits: by account, else by address; sign-in by account, by address, and by both.

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;
use uuid::Uuid;

type Limiter<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// What a limit says of one request.
#[derive(Debug, Clone, Copy)]
pub struct Verdict {
    /// Requests a second.
    pub limit: u32,
    /// How many are left at this moment.
    pub remaining: u32,
    /// Seconds to wait, when the request is one too many.
    pub retry_after: Option<u64>,
}

/// The limits of this process.
pub struct RateLimits {
    rate: u32,
    subjects: Limiter<Uuid>,
    addresses: Limiter<IpAddr>,
    sign_ins: Limiter<(String, IpAddr)>,
    sign_ins_to: Limiter<String>,
    sign_ins_from: Limiter<IpAddr>,
    clock: DefaultClock,
}

/// Attempts to sign in at once, for one account from one address; then one in three seconds.
const SIGN_IN_BURST: NonZeroU32 = NonZeroU32::new(20).unwrap();
const SIGN_INS_A_MINUTE: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// For one account from all addresses together: guessing from many machines.
const SIGN_INS_TO_ONE: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// From one address to all accounts together: one password tried on all. A province's office may stand behind one address.
const SIGN_INS_FROM_ONE: NonZeroU32 = NonZeroU32::new(300).unwrap();

impl RateLimits {
    /// Limits of so many requests a second for one caller.
    pub fn new(rate: u32) -> Self {
        let quota = Quota::per_second(NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN));
        Self {
            rate,
            subjects: RateLimiter::dashmap(quota).with_middleware(),
            addresses: RateLimiter::dashmap(quota).with_middleware(),
            sign_ins: RateLimiter::dashmap(Quota::per_minute(SIGN_INS_A_MINUTE).allow_burst(SIGN_IN_BURST)).with_middleware(),
            sign_ins_to: RateLimiter::dashmap(Quota::per_minute(SIGN_INS_TO_ONE)).with_middleware(),
            sign_ins_from: RateLimiter::dashmap(Quota::per_minute(SIGN_INS_FROM_ONE)).with_middleware(),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request of an account.
    pub fn check_subject(&self, subject: Uuid) -> Verdict {
        self.verdict(self.subjects.check_key(&subject))
    }

    /// Counts a request of a stranger.
    pub fn check_address(&self, address: IpAddr) -> Verdict {
        self.verdict(self.addresses.check_key(&address))
    }

    /// Counts an attempt to sign in; seconds to wait when it is one too many.
    pub fn check_sign_in(&self, account: &str, address: IpAddr) -> Option<u64> {
        let account = account.to_lowercase();
        let both = self.verdict(self.sign_ins.check_key(&(account.clone(), address)));
        let to = self.verdict(self.sign_ins_to.check_key(&account));
        let from = self.verdict(self.sign_ins_from.check_key(&address));
        [both, to, from].into_iter().filter_map(|verdict| verdict.retry_after).max()
    }

    /// Forgets callers that have been quiet, so that memory stays flat.
    pub fn sweep(&self) {
        self.subjects.retain_recent();
        self.addresses.retain_recent();
        self.sign_ins.retain_recent();
        self.sign_ins_to.retain_recent();
        self.sign_ins_from.retain_recent();
    }

    fn verdict(
        &self,
        outcome: Result<governor::middleware::StateSnapshot, governor::NotUntil<<DefaultClock as Clock>::Instant>>,
    ) -> Verdict {
        match outcome {
            Ok(state) => Verdict { limit: self.rate, remaining: state.remaining_burst_capacity(), retry_after: None },
            Err(refusal) => {
                let wait = refusal.wait_time_from(self.clock.now());
                Verdict { limit: self.rate, remaining: 0, retry_after: Some(wait.as_secs() + 1) }
            }
        }
    }
}
