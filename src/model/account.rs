//! Accounts, as the owner of the installation sees them.

use super::{Me, Millis, UserId};
use serde::{Deserialize, Serialize};

/// The most accounts of one page of the list.
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

/// A page of the list, in the order of the accounts' making.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    pub entries: Vec<AccountEntry>,
    /// Whether accounts are made by invitation, so that it matters who may invite.
    #[serde(default)]
    pub by_invitation: bool,
    /// After whom the next page begins, if there is one.
    pub next: Option<UserId>,
}
