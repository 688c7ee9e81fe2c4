//! Writing messages.

use super::batch::{Batch, Change, Outcome};
use super::command::{Post, Posted, Reply};
use crate::model::{Content, Error, Message, MessageId, Millis, UserId};
use crate::server::access;
use crate::server::store::messages::{self, NewMessage, StoredMessage};
use crate::server::store::{StoreError, members};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Writes a run of posts: looks for repeats, decides access, allots numbers, inserts.
pub(super) async fn write(batch: &mut Batch, posts: &[(Millis, &Post)]) -> Result<Vec<Outcome>, StoreError> {
    let ids: Vec<(UserId, MessageId)> = {
        let own = posts.iter().map(|(_, post)| (post.author, post.id));
        let before = posts.iter().filter_map(|(_, post)| Some((post.author, post.after?)));
        own.chain(before).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let standing = messages::standing(&mut batch.conn(), &ids).await?;
    let mut standing: HashMap<(UserId, MessageId), StoredMessage> =
        standing.into_iter().map(|stored| ((stored.message.author, stored.message.id), stored)).collect();

    // The authors' own rows, where they post now and where a repeat of theirs stands.
    let places = posts.iter().map(|(_, post)| (post.conversation, post.author));
    let pairs: BTreeSet<_> =
        places.chain(standing.values().map(|stored| (stored.conversation, stored.message.author))).collect();
    let authors = members::among(&mut batch.conn(), &pairs.into_iter().collect::<Vec<_>>()).await?;
    let mut authors: HashMap<_, _> = authors
        .into_iter()
        .map(|membership| ((membership.conversation, membership.member.person.id), membership))
        .collect();

    let mut fresh = Vec::with_capacity(posts.len());
    let mut outcomes = Vec::with_capacity(posts.len());
    for (at, post) in posts {
        // The look-up precedes the decision on access: a repeat gets the old answer, whatever has happened since.
        if let Some(stored) = standing.get(&(post.author, post.id)) {
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
        let stands =
            |id| standing.get(&(post.author, id)).is_some_and(|before| before.conversation == post.conversation);
        if post.after.is_some_and(|before| !stands(before)) {
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
        membership.texts += 1;
        let own = membership.texts;
        let author = membership.member.clone();
        authors.insert((post.conversation, post.author), membership);
        let stored = StoredMessage { conversation: post.conversation, message: Arc::clone(&message), hash: post.hash };
        standing.insert((post.author, post.id), stored.clone());
        fresh.push(NewMessage { stored, texts: head.texts, own });
        let posted = Posted { conversation: post.conversation, message, author };
        let change = Change { conversation: post.conversation, rev: head.rev, rows: posted.rows() };
        outcomes.push(Outcome { changes: vec![change], ..Outcome::done(Reply::Posted(posted)) });
    }
    messages::insert(&mut batch.conn(), &fresh).await?;
    let counted: BTreeMap<_, _> =
        fresh.iter().map(|fresh| ((fresh.stored.conversation, fresh.stored.message.author), fresh.own)).collect();
    let counted: Vec<_> =
        counted.into_iter().map(|((conversation, author), own)| (conversation, author, own)).collect();
    members::set_texts(&mut batch.conn(), &counted).await?;
    Ok(outcomes)
}

/// The answer to a message sent again: the first answer, or a refusal if it is another message.
fn repeated(post: &Post, stored: &StoredMessage, author: Option<crate::model::Member>) -> Outcome {
    match author {
        Some(author) if stored.hash == post.hash => Outcome::done(Reply::Posted(Posted {
            conversation: stored.conversation,
            message: Arc::clone(&stored.message),
            author,
        })),
        _ => Outcome::refused(Error::conflict()),
    }
}
