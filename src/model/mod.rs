//! The nouns that server, browser and every other client share, with their rules.
//!
//! Nothing here knows a framework, a database or a browser. What a form refuses, the server refuses by the same
//! code and in the same words.

pub mod account;
pub mod conversation;
pub mod device;
pub mod error;
pub mod fold;
pub mod ids;
pub mod initial_state;
pub mod invitation;
pub mod json;
pub mod key;
pub mod markup;
pub mod message;
pub mod page;
pub mod password;
pub mod password_form;
pub mod presence;
pub mod registration;
pub mod room;
pub mod route;
pub mod server;
pub mod sorted;
mod string_enum;
pub mod user;
pub mod workspace;

pub(crate) use string_enum::string_enum;

pub use account::{AccountEntry, Accounts, UserState};
pub use conversation::{
    Conversation, ConversationKind, ConversationSummary, Member, MemberState, ReadPosition, Rows, Window,
};
pub use device::{Device, Devices};
pub use error::{Code, Error, Field, FieldProblem};
pub use ids::{ConversationId, DeviceId, Epoch, InvitationId, MessageId, Millis, Rev, Seq, UserId};
pub use initial_state::{InitialState, OpenedConversation};
pub use invitation::{Invitation, InvitationState, InvitationToken, Invitations, InviteLink};
pub use message::{Body, Content, Message, Notice};
pub use page::{Page, PersonPage, Room, RoomPage};
pub use password::Password;
pub use presence::{Presence, PresenceState};
pub use registration::{Admission, Registration};
pub use route::Route;
pub use server::ServerStatus;
pub use sorted::{SortedMap, SortedSet, sorted};
pub use user::{Email, Me, Name, Person, Role, Username};
pub use workspace::WorkspaceName;
