//! Invitations: links with which somebody can register, and who may make and revoke them.

mod managing;
mod registering;

use crate::support::chat::refused;
use crate::support::{Chat, Person};
use hubbub::model::{Invitation, Invitations};
use hubbub::server::clock::Clock;
use hubbub::server::config::Registration;
use reqwest::StatusCode;

const NEEDED: &str = "An account here needs an invitation. Please ask somebody who is here for one.";
const USED_UP: &str = "This invitation has been used up.";
const EXPIRED: &str = "This invitation has expired.";
const REVOKED: &str = "This invitation was revoked.";
const UNKNOWN: &str = "This invitation is not valid. Ask for a new one.";

/// A server to which one comes by invitation, and its owner.
async fn by_invitation(url: &str) -> (Chat, Person) {
    let chat = Chat::open_to(url, Clock::System, Registration::Invite).await;
    let ana = chat.user("ana").await;
    (chat, ana)
}

/// Makes a link and gives its token.
async fn link(person: &Person, uses: &str) -> String {
    let address: String = person.ask("create-invitation", &[("days", "7"), ("uses", uses)]).await;
    let token = address.strip_prefix(&format!("{}/register?invite=", person.site)).expect(&address);
    token.to_owned()
}

async fn listed(person: &Person) -> Vec<Invitation> {
    person.ask::<Invitations>("invitations", &[]).await.entries
}

/// Comes with this token, and is refused on the page and by the form with this sentence.
async fn is_refused(chat: &Chat, token: &str, sentence: &str) {
    let stranger = chat.stranger();
    for answer in [stranger.call("admission", &[("invite", token)]).await, stranger.register_by(token, "eve").await] {
        let (status, error) = refused(answer).await;
        assert_eq!((status, error.message.as_str()), (StatusCode::UNPROCESSABLE_ENTITY, sentence), "{token:?}");
    }
    assert!(!stranger.is_signed_in().await);
    let page = chat.stranger().get(&format!("/register?invite={token}")).await.text().await.unwrap();
    assert!(page.contains(sentence) && !page.contains("name=\"password\""), "{token:?}");
}
