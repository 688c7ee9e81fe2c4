//! The publisher: answers the senders of what was committed, and announces it to subscribers, in commit order.

use super::batch::{Change, Outcome, SummaryChange};
use super::command::{Reply, ReplyTo};
use crate::model::{Error, WorkspaceName};
use crate::server::hub::{Hub, Publication, UserChange};
use crate::wire::ServerFrame;
use std::sync::Arc;
use tokio::sync::mpsc;

/// The publisher's task; it ends with the writer's.
pub(super) async fn run(hub: Arc<Hub>, mut committed: mpsc::Receiver<Vec<(Outcome, ReplyTo)>>) {
    while let Some(batch) = committed.recv().await {
        for (outcome, reply_to) in batch {
            let (reply, publication) = encode(outcome);
            reply_to.send(reply);
            hub.publish(publication);
        }
    }
}

/// The announcement of the workspace's name.
fn workspace(name: WorkspaceName) -> ServerFrame {
    ServerFrame::Workspace { name: name.as_str().to_owned() }
}

/// Encodes the frames of what is announced; the reply goes to the sender alone.
fn encode(outcome: Outcome) -> (Result<Reply, Error>, Publication) {
    let change = |Change { conversation, rev, rows }| {
        (conversation, rev, ServerFrame::Changed { conversation, rev, rows }.encode().into())
    };
    let deleted = |conversation| (conversation, ServerFrame::ConversationDeleted { conversation }.encode().into());
    let user_change = |SummaryChange { user, user_rev, conversation, membership, summary }| UserChange {
        user,
        user_rev,
        conversation,
        membership,
        frame: ServerFrame::SummaryChanged { user_rev, conversation, summary }.encode().into(),
    };
    let publication = Publication {
        changes: outcome.changes.into_iter().map(change).collect(),
        deleted: outcome.deleted.map(deleted),
        user_changes: outcome.summary_changes.into_iter().map(user_change).collect(),
        to_everybody: outcome.workspace.map(|name| workspace(name).encode().into()),
    };
    (outcome.reply, publication)
}
