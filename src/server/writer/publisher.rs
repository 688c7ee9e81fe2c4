//! The publisher: answers the senders of what was committed, and announces it to subscribers, in commit order.

use super::batch::Outcome;
use super::command::ReplyTo;
use crate::server::hub::Hub;
use crate::wire::ServerFrame;
use std::sync::Arc;
use tokio::sync::mpsc;

/// The publisher's task; it ends with the writer's.
pub(super) async fn run(hub: Arc<Hub>, mut committed: mpsc::Receiver<Vec<(Outcome, ReplyTo)>>) {
    while let Some(batch) = committed.recv().await {
        for (outcome, reply_to) in batch {
            reply_to.send(outcome.reply);
            // Before any subscription changes: the janitor compares users' revs with what this server knows of, and sets
            // the subscriptions of those who have missed a change.
            for change in &outcome.summary_changes {
                hub.note_user_rev(change.user, change.user_rev);
            }
            // Who has joined is subscribed before the change is delivered, and who has left until after it: a removed
            // member receives nothing above their removal.
            for (user, conversation) in outcome.joined {
                hub.joined(user, conversation);
            }
            for change in outcome.changes {
                let frame =
                    ServerFrame::Changed { conversation: change.conversation, rev: change.rev, rows: change.rows };
                hub.deliver(change.conversation, change.rev, &frame.encode().into());
            }
            if let Some(conversation) = outcome.deleted {
                hub.deleted(conversation, &ServerFrame::ConversationDeleted { conversation }.encode().into());
            }
            for (user, conversation) in outcome.left {
                hub.left(user, conversation);
            }
            for change in outcome.summary_changes {
                let frame = ServerFrame::SummaryChanged {
                    user_rev: change.user_rev,
                    conversation: change.conversation,
                    summary: change.summary,
                };
                hub.deliver_to_user(change.user, change.user_rev, &frame.encode().into());
            }
        }
    }
}
