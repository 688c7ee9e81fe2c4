//! Posting messages.

use super::Writer;
use super::batch::{Batch, Change, Outcome};
use super::command::{Command, Reply, ReplyTo, Submission};
use crate::model::{Body, Content, ConversationId, Error, Member, Message, MessageId, Millis, Rows, UserId};
use crate::server::access;
use crate::server::store::members::OwnCount;
use crate::server::store::messages::{self, ContentHash, NewMessage, StoredMessage};
use crate::server::store::{StoreError, members};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// What authors do with messages.
#[derive(Debug)]
pub enum MessageCommand {
    Post(Post),
}

/// A message to be posted.
#[derive(Clone, Debug)]
pub struct Post {
    pub author: UserId,
    /// Made by the sender: the same message sent again is posted once.
    pub id: MessageId,
    pub conversation: ConversationId,
    pub body: Body,
    /// The author's message that must stand in the conversation before this one does.
    pub after: Option<MessageId>,
    hash: ContentHash,
}

impl Post {
    pub fn new(author: UserId, id: MessageId, conversation: ConversationId, body: Body) -> Self {
        let mut hash = Sha256::new();
        hash.update(conversation.0.to_be_bytes());
        hash.update(body.as_str());
        Post { author, id, conversation, hash: hash.finalize().into(), body, after: None }
    }

    /// The same, refused unless this message of the author stands there. It is no part of the content: a post that is
    /// sent again may name another one.
    pub fn after(self, after: Option<MessageId>) -> Self {
        Post { after, ..self }
    }
}

/// A message that was posted.
#[derive(Clone, Debug)]
pub struct Posted {
    pub conversation: ConversationId,
    pub message: Arc<Message>,
    pub author: Member,
}

impl Posted {
    pub fn rows(&self) -> Rows {
        Rows { conversation: None, members: vec![self.author.clone()], messages: vec![Arc::clone(&self.message)] }
    }
}

impl Writer {
    /// Posts a message; the reply goes to `reply_to` once it is committed, or why not.
    pub async fn post(&self, post: Post, reply_to: ReplyTo) {
        let submission = Submission::Command(Command::Message(MessageCommand::Post(post)), reply_to);
        if let Err(mpsc::error::SendError(Submission::Command(_, reply_to))) = self.commands.send(submission).await {
            reply_to.send(Err(Error::unavailable()));
        }
    }

    /// Posts a message and waits until it is committed.
    ///
    /// # Errors
    /// `NotFound` for those who are not in the conversation, `Conflict` when the author has used the identifier for
    /// another message.
    pub async fn post_and_wait(&self, post: Post) -> Result<Posted, Error> {
        let (reply, replied) = oneshot::channel();
        self.post(post, ReplyTo::Channel(reply)).await;
        match replied.await.unwrap_or_else(|_| Err(Error::unavailable()))? {
            Reply::Posted(posted) => Ok(posted),
            other => Err(other.unexpected()),
        }
    }
}

/// Writes a run of posts: finds those that were posted before, asks access, takes numbers, inserts.
pub(super) async fn post_all(batch: &mut Batch, posts: &[(Millis, &Post)]) -> Result<Vec<Outcome>, StoreError> {
    let own = posts.iter().map(|(_, post)| (post.author, post.id));
    let before = posts.iter().filter_map(|(_, post)| Some((post.author, post.after?)));
    let ids: Vec<(UserId, MessageId)> = own.chain(before).collect::<BTreeSet<_>>().into_iter().collect();
    let stored = messages::by_ids(&mut batch.conn(), &ids).await?;
    let mut stored: HashMap<(UserId, MessageId), StoredMessage> =
        stored.into_iter().map(|stored| ((stored.message.author, stored.message.id), stored)).collect();

    // The authors' memberships, where they post now and where they have posted a repeated message before.
    let places = posts.iter().map(|(_, post)| (post.conversation, post.author));
    let pairs: BTreeSet<_> =
        places.chain(stored.values().map(|stored| (stored.conversation, stored.message.author))).collect();
    let authors = members::among(&mut batch.conn(), &pairs.into_iter().collect::<Vec<_>>()).await?;
    let mut authors: HashMap<_, _> = authors
        .into_iter()
        .map(|membership| ((membership.conversation, membership.member.person.id), membership))
        .collect();

    let mut new = Vec::with_capacity(posts.len());
    let mut outcomes = Vec::with_capacity(posts.len());
    for (at, post) in posts {
        // Before access is decided: a repeat gets the first answer, whatever has happened since.
        if let Some(stored) = stored.get(&(post.author, post.id)) {
            let author = authors.get(&(stored.conversation, post.author)).map(|membership| membership.member.clone());
            outcomes.push(repeated(post, stored, author));
            continue;
        }
        let mut membership = match access::may_post(authors.get(&(post.conversation, post.author)).cloned()) {
            Ok(membership) => membership,
            Err(error) => {
                outcomes.push(Outcome::refused(error));
                continue;
            }
        };
        // The one before it was refused or lost, and will be sent again: this one comes after it.
        let is_posted =
            |id| stored.get(&(post.author, id)).is_some_and(|before| before.conversation == post.conversation);
        if post.after.is_some_and(|before| !is_posted(before)) {
            outcomes.push(Outcome::refused(Error::unavailable()));
            continue;
        }
        let Some(head) = batch.next_message(post.conversation, *at) else {
            outcomes.push(Outcome::refused(Error::not_found()));
            continue;
        };
        let message = Arc::new(Message {
            id: post.id,
            seq: head.seq,
            rev: head.rev,
            author: post.author,
            at: *at,
            content: Content::text(post.body.as_str()),
        });
        membership.own_count += 1;
        let own_count = membership.own_count;
        let author = membership.member.clone();
        authors.insert((post.conversation, post.author), membership);
        let message_stored =
            StoredMessage { conversation: post.conversation, message: Arc::clone(&message), hash: post.hash };
        stored.insert((post.author, post.id), message_stored.clone());
        new.push(NewMessage { stored: message_stored, message_count: head.message_count, own_count });
        let posted = Posted { conversation: post.conversation, message, author };
        let change = Change { conversation: post.conversation, rev: head.rev, rows: posted.rows() };
        outcomes.push(Outcome { changes: vec![change], ..Outcome::replied(Reply::Posted(posted)) });
    }
    messages::insert(&mut batch.conn(), &new).await?;
    // The last one counts.
    let own_counts: BTreeMap<_, _> =
        new.iter().map(|new| ((new.stored.conversation, new.stored.message.author), new.own_count)).collect();
    let own_counts: Vec<_> = own_counts
        .into_iter()
        .map(|((conversation, user), own_count)| OwnCount { conversation, user, own_count })
        .collect();
    members::set_own_counts(&mut batch.conn(), &own_counts).await?;
    Ok(outcomes)
}

/// The answer to a message with an identifier that was used before: the first answer, or a refusal if it is another
/// message.
fn repeated(post: &Post, stored: &StoredMessage, author: Option<Member>) -> Outcome {
    match author {
        Some(author) if stored.hash == post.hash => Outcome::replied(Reply::Posted(Posted {
            conversation: stored.conversation,
            message: Arc::clone(&stored.message),
            author,
        })),
        _ => Outcome::refused(Error::conflict()),
    }
}
