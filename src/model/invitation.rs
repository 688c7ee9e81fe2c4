//! Invitations: links that let people register, limited by time and count.

use super::{Error, InvitationId, Millis, Person};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The days that a link may last, and the proposed number.
pub const DAYS: [i64; 3] = [1, 7, 30];
pub const DAYS_PROPOSED: i64 = 7;
/// How many people may register by a link, and the proposed number.
pub const USES: [i64; 4] = [1, 5, 25, 100];
pub const USES_PROPOSED: i64 = 5;
/// The limits of the link that is made together with the first account, for the owner's first colleagues.
pub const FIRST_LINK: InvitationForm = InvitationForm { days: 7, uses: 25 };
/// The most open links of one user.
pub const OPEN_MAX: i64 = 50;
/// The most invitations on a page of the list.
pub const INVITATIONS_PAGE: usize = 50;
/// How many of those who registered by an invitation are named in the list.
pub const REGISTERED_MAX: i64 = 5;

/// The refusal of a token that was never issued, or was altered.
const UNKNOWN: &str = "This invitation is not valid. Ask for a new one.";
/// The refusal without a token.
const NEEDED: &str = "An account here needs an invitation. Please ask somebody who is here for one.";

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The form that creates a link, as it was filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvitationForm {
    pub days: i64,
    pub uses: i64,
}

/// How long and for how many people a link is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvitationLimits {
    /// In milliseconds.
    pub lasts: i64,
    pub uses: i64,
}

impl InvitationForm {
    /// # Errors
    /// `Invalid` for values that the form does not offer.
    pub fn check(self) -> Result<InvitationLimits, Error> {
        if !DAYS.contains(&self.days) {
            return Err(Error::invalid("An invitation is good for 1, 7 or 30 days."));
        }
        if !USES.contains(&self.uses) {
            return Err(Error::invalid("An invitation is for 1, 5, 25 or 100 people."));
        }
        Ok(InvitationLimits { lasts: self.days * DAY, uses: self.uses })
    }
}

/// The secret of an invitation's link: 128 random bits in hexadecimal. Its debug text does not contain it, so that logs
/// do not either.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationToken(String);

impl InvitationToken {
    /// Makes a token from random bits.
    pub fn new(random: u128) -> Self {
        InvitationToken(format!("{random:032x}"))
    }

    /// # Errors
    /// The refusal of a text that cannot be a token.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let plausible = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if plausible { Ok(InvitationToken(text.to_owned())) } else { Err(unknown()) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for InvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a token")
    }
}

/// The refusal of a registration without an invitation.
pub fn needed() -> Error {
    Error::invalid(NEEDED)
}

/// The refusal of an unknown invitation.
pub fn unknown() -> Error {
    Error::invalid(UNKNOWN)
}

/// Whether an invitation can still be used, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationState {
    Open,
    UsedUp,
    Expired,
    Revoked,
}

impl InvitationState {
    /// The text on the page of invitations.
    pub fn label(self) -> &'static str {
        match self {
            InvitationState::Open => "Open",
            InvitationState::UsedUp => "Used up",
            InvitationState::Expired => "Expired",
            InvitationState::Revoked => "Revoked",
        }
    }

    /// # Errors
    /// The refusal for the person who opens the link, if it is not open.
    pub fn open(self) -> Result<(), Error> {
        Err(Error::invalid(match self {
            InvitationState::Open => return Ok(()),
            InvitationState::UsedUp => "This invitation has been used up.",
            InvitationState::Expired => "This invitation has expired.",
            InvitationState::Revoked => "This invitation was revoked.",
        }))
    }
}

/// An invitation in the list of those who may manage it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub id: InvitationId,
    /// The link.
    pub address: String,
    pub by: Person,
    pub created_at: Millis,
    pub expires_at: Millis,
    /// How many people have registered by it, and how many may.
    pub uses: i64,
    pub uses_max: i64,
    pub state: InvitationState,
    /// The first [`REGISTERED_MAX`] of those who registered by it.
    pub registered: Vec<Person>,
}

/// The link that the owner of a workspace where nobody else is yet sends to the first people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteLink {
    /// Of an open invitation, and for how many people it still is.
    Invitation { address: String, expires_at: Millis, uses_left: i64, now: Millis },
    /// Of the page to register at: registration is open.
    Open { address: String },
    /// There is none: no invitation is open. The page of invitations makes one.
    NoInvitation,
    /// There is none: only the operator adds accounts.
    ByOperator,
}

/// A page of the list, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitations {
    pub entries: Vec<Invitation>,
    /// The last invitation of this page, if another page follows.
    pub next: Option<InvitationId>,
    /// Whether the list has everybody's invitations, not only the user's own.
    pub everybody: bool,
    /// The server's time when the list was read.
    pub now: Millis,
}

/// How far `at` lies ahead, in words.
pub fn until_text(now: Millis, at: Millis) -> String {
    let left = at.0.saturating_sub(now.0);
    // Rounded, so that what was made for seven days does not say six right away.
    let (count, unit) = match left {
        i64::MIN..MINUTE => return "in less than a minute".to_owned(),
        MINUTE..HOUR => (left / MINUTE, "minute"),
        HOUR..DAY => ((left + HOUR / 2) / HOUR, "hour"),
        DAY.. => ((left + DAY / 2) / DAY, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("in {count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_created_for_what_the_form_offers_and_nothing_else() {
        for days in DAYS {
            for uses in USES {
                let terms = InvitationForm { days, uses }.check().unwrap();
                assert_eq!((terms.lasts, terms.uses), (days * 86_400_000, uses));
            }
        }
        assert!(DAYS.contains(&DAYS_PROPOSED) && USES.contains(&USES_PROPOSED));
        for (days, uses) in [(0, 5), (-1, 5), (31, 5), (i64::MAX, 5), (7, 0), (7, -5), (7, 101)] {
            assert!(InvitationForm { days, uses }.check().is_err(), "{days} {uses}");
        }
    }

    #[test]
    fn a_token_is_read_as_it_was_written_and_its_debug_text_does_not_contain_it() {
        let token = InvitationToken::new(0xab);
        assert_eq!(token.as_str(), "000000000000000000000000000000ab");
        assert_eq!(InvitationToken::parse(token.as_str()).unwrap(), token);
        assert!(!format!("{token:?}").contains("ab"));
    }

    #[test]
    fn a_text_that_cannot_be_a_token_is_refused() {
        let long = "a".repeat(33);
        for altered in ["", "x", "000000000000000000000000000000AB", "0000000000000000000000000000000'", &long] {
            assert_eq!(InvitationToken::parse(altered).unwrap_err().message, UNKNOWN, "{altered}");
        }
    }

    #[test]
    fn the_time_left_is_rounded_and_given_in_words() {
        let text = |left| until_text(Millis(1_000), Millis(1_000 + left));
        assert_eq!(text(7 * DAY), "in 7 days");
        assert_eq!(text(7 * DAY - 5_000), "in 7 days");
        assert_eq!(text(DAY), "in 1 day");
        assert_eq!(text(DAY - 1), "in 24 hours");
        assert_eq!(text(HOUR), "in 1 hour");
        assert_eq!(text(59 * MINUTE), "in 59 minutes");
        assert_eq!(text(1_000), "in less than a minute");
    }
}
