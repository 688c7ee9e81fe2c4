//! Tells of what was committed: the senders first, then everyone who listens, in commit order.

use super::batch::Outcome;
use super::command::ReplyTo;
use crate::server::hub::Hub;
use crate::wire::ServerFrame;
use std::sync::Arc;
use tokio::sync::mpsc;

/// The publisher's task; it ends with the writer's.
pub(super) async fn run(hub: Arc<Hub>, mut committed: mpsc::Receiver<Vec<(Outcome, ReplyTo)>>) {
    while let Some(batch) = committed.recv().await {
        for (outcome, answer) in batch {
            answer.tell(outcome.result);
            // Before anybody listens elsewhere: whoever compares the lists with the database must see that it is known.
            for (user, user_rev, ..) in &outcome.mine {
                hub.note_list(*user, *user_rev);
            }
            for (user, conversation) in outcome.joined {
                hub.joined(user, conversation);
            }
            for change in outcome.changes {
                let frame =
                    ServerFrame::Changed { conversation: change.conversation, rev: change.rev, rows: change.rows };
                hub.deliver(change.conversation, change.rev, &frame.encode().into());
            }
            if let Some(conversation) = outcome.gone {
                hub.gone(conversation, &ServerFrame::ConversationDeleted { conversation }.encode().into());
            }
            for (user, conversation) in outcome.left {
                hub.left(user, conversation);
            }
            for (user, user_rev, conversation, summary) in outcome.mine {
                hub.tell(
                    user,
                    user_rev,
                    &ServerFrame::SummaryChanged { user_rev, conversation, summary }.encode().into(),
                );
            }
        }
    }
}
