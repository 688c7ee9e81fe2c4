//! Accounts in the owner's list.

use super::{Me, Millis, UserId};
use serde::{Deserialize, Serialize};

/// The most accounts on a page of the list.
pub const ACCOUNTS_PAGE: usize = 100;

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserState {
    Active,
    Disabled,
}

impl UserState {
    pub fn as_str(self) -> &'static str {
        match self {
            UserState::Active => "active",
            UserState::Disabled => "disabled",
        }
    }
}

/// One account of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountEntry {
    pub me: Me,
    pub state: UserState,
    pub created_at: Millis,
}

/// A page of the list, oldest accounts first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    pub entries: Vec<AccountEntry>,
    /// Whether registration is by invitation, so that the right to invite matters.
    #[serde(default)]
    pub by_invitation: bool,
    /// The last account of this page, if another page follows.
    pub next: Option<UserId>,
}
