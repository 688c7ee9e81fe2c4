//! Every live frame that names a conversation, against every role. (Nobody and someone disabled get no live connection:
//! `/ws` in the table of paths.)

use super::roles::{Fixture, TestConversation, user};
use crate::support::core::post;
use crate::support::{Live, message_id};
use hubbub::model::{Code, ConversationId, Error, Rev, Seq};
use hubbub::wire::{Anchor, ClientFrame, ServerFrame};

/// What a frame is answered.
async fn answer(live: &mut Live, frame: ClientFrame) -> Result<(), Error> {
    live.send(&frame).await;
    live.find(|frame| match frame {
        ServerFrame::Refused { error, .. } => Some(Err(error)),
        ServerFrame::Posted { .. }
        | ServerFrame::Changes { .. }
        | ServerFrame::Window { .. }
        | ServerFrame::Done { .. } => Some(Ok(())),
        _ => None,
    })
    .await
}

fn requests(conversation: ConversationId) -> [ClientFrame; 4] {
    [
        ClientFrame::Post { id: message_id(), conversation, body: "hello".into(), after: None },
        ClientFrame::Changes { request: 1, conversation, since: Rev(0) },
        ClientFrame::History { request: 2, conversation, at: Anchor::Latest, limit: 10 },
        ClientFrame::Read { request: 3, conversation, seq: Seq(0), replaces: None },
    ]
}

/// Who is seen typing until a frame comes.
async fn typing_users(live: &mut Live, last: impl Fn(&ServerFrame) -> bool) -> Vec<(ConversationId, String)> {
    let mut seen = Vec::new();
    loop {
        match live.next().await {
            frame if last(&frame) => return seen,
            ServerFrame::Typing { conversation, person } => seen.push((conversation, person.username)),
            _ => {}
        }
    }
}

#[tokio::test]
async fn every_frame_answers_members_of_the_conversation_and_reveals_nothing_to_others() {
    let fixture = Fixture::new().await;
    let nowhere = ConversationId(123_456_789);
    let mut live = Vec::new();
    for (name, role) in [("sam", 1), ("mia", 2), ("ana", 3), ("rik", 5), ("olga", 4)] {
        let mut one = fixture.chat.connect(&fixture.people[role]).await;
        one.hello().await;
        live.push((name, one));
    }
    let general = fixture.conversation(TestConversation::General).await;
    for (conversation, members) in [
        (TestConversation::Public, &["mia", "ana"][..]),
        (TestConversation::Private, &["mia", "ana"]),
        (TestConversation::General, &["sam", "mia", "ana", "rik", "olga"]),
        (TestConversation::Direct, &[]),
    ] {
        let id = fixture.conversation(conversation).await;
        for (name, live) in &mut live {
            for (asked, unknown) in requests(id).into_iter().zip(requests(nowhere)) {
                let context = format!("{name}, {conversation:?}: {asked:?}");
                let got = answer(live, asked).await;
                let missing = answer(live, unknown).await;
                assert_eq!(missing.as_ref().map_err(|error| error.code), Err(Code::NotFound), "{context}");
                if members.contains(name) {
                    assert_eq!(got, Ok(()), "{context}");
                } else {
                    assert_eq!(got, missing, "{context}: the same as for what is not there");
                }
            }
        }
        let mut seen = vec![Vec::new(); live.len()];
        for (seen, (_, live)) in seen.iter_mut().zip(&mut live) {
            live.send(&ClientFrame::Typing { conversation: id }).await;
            // When this is answered, it has been read.
            live.send(&ClientFrame::Ping { request: 9 }).await;
            seen.extend(typing_users(live, |frame| matches!(frame, ServerFrame::Pong { .. })).await);
        }
        let end = format!("the end of {conversation:?}");
        post(&fixture.chat.core, user("pat"), message_id(), general, &end).await.unwrap();
        for (mut seen, (name, live)) in seen.into_iter().zip(&mut live) {
            let is_end = |frame: &ServerFrame| match frame {
                ServerFrame::Changed { rows, .. } => rows.messages.iter().any(|message| message.body() == end),
                _ => false,
            };
            seen.extend(typing_users(live, is_end).await);
            let others = members.iter().filter(|other| members.contains(name) && *other != name);
            let expected: Vec<_> = others.map(|other| (id, (*other).to_owned())).collect();
            assert_eq!(seen, expected, "who {name} sees typing in {conversation:?}");
        }
    }
}
