//! Many calls in one: of different kinds, with tokens of their own, built on each other, with files.

use sociogram::meta_graph::{
    Batch, BatchItem, ErrorClass, PostId, RawRequest, ResultRef,
    debug_token::DebugToken,
    me::GetMe,
    oauth::GetPageToken,
    pages::{
        CreatePagePost, CreatePhoto, DeletePhoto, DeletePost, GetPage, GetPhoto, GetPost, ListFeed, MediaFile,
    },
    permissions::ListPermissions,
};

use crate::{Outcome, expect, stage::Stage};

/// The smallest picture there is: one grey dot.
const PICTURE: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\x0aIDATx\x9cch\
    \0\0\0\x82\0\x81\x77\xcd\x72\xb6\0\0\0\0IEND\xaeB`\x82";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    of_all_kinds(stage).await?;
    built_on_each_other(stage).await?;
    with_files(stage).await?;
    more_than_fifty(stage).await
}

/// Items of different types, some with the Page's token; one that fails leaves the others alone.
async fn of_all_kinds(stage: &Stage) -> Outcome {
    let token = stage.user.send(GetPageToken::new(stage.page_id.clone())).await?;
    let token = token.access_token.ok_or("the Page gives no token")?;
    let mut batch = Batch::new();
    let me = batch.add(GetMe::new());
    let permissions = batch.add(ListPermissions::new());
    let page = batch.add(GetPage::new(stage.page_id.clone()));
    let feed = batch.add_item(BatchItem::new(ListFeed::new(stage.page_id.clone())).token(token.clone()));
    let as_page = batch.add_item(BatchItem::new(GetMe::new()).token(token.clone()));
    let missing = batch.add(GetPost::new(PostId::from(1)));
    let answers = stage.user.send_batch(batch).await?;

    expect(answers.take(me)?.id == stage.user_id, "the person")?;
    expect(answers.take(permissions)?.items.len() > 10, "what the person granted")?;
    expect(answers.take(page)?.id == stage.page_id, "the Page")?;
    expect(answers.take(as_page)?.id.as_str() == stage.page_id.as_str(), "the Page behind its token")?;
    answers.take(feed)?;
    let refused = answers.take(missing).err().and_then(|error| error.class());
    expect(refused == Some(ErrorClass::NotFoundOrHidden), "the post that is not there to be refused")?;
    expect(answers.calls() == 1 && answers.failures().count() == 1, "one call and one failure")?;

    // A token that is looked at stays hidden, as in a call of its own.
    let mut batch = Batch::new();
    let info = batch.add(DebugToken::new(token));
    let info = stage.app.send_batch(batch).await?.take(info)?;
    expect(info.profile_id.as_ref() == Some(&stage.page_id), "the token to be the Page's")
}

/// A post is made, read by what its answer holds, and deleted.
async fn built_on_each_other(stage: &Stage) -> Outcome {
    let text = "Six things in one call";
    let mut batch = Batch::new();
    let create = CreatePagePost::new(stage.page_id.clone()).message(text);
    let created = batch.add_item(BatchItem::new(create).name("created"));
    let id = ResultRef::new("created", "$.id");
    let read = RawRequest::get(id.to_string()).fields("id,message");
    let read = batch.add_item(BatchItem::new(read).refers_to(&id));
    let last = batch.add_item(BatchItem::new(GetMe::new()).depends_on("created"));
    // What a list names, read in one item.
    let listing = ListFeed::new(stage.page_id.clone()).limit(2);
    let listing = batch.add_item(BatchItem::new(listing).name("feed").depends_on("created"));
    let ids = ResultRef::new("feed", "$.data.*.id");
    let listed = RawRequest::get("/").query("ids", ids.to_string()).fields("message");
    let listed = batch.add_item(BatchItem::new(listed).refers_to(&ids));
    let answers = stage.page.send_batch(batch).await?;
    answers.take(listing)?;
    let listed = answers.take(listed)?;
    let created = answers.take(created)?.id;
    let read = answers.take(read)?;
    expect(read.get("message").and_then(|message| message.as_str()) == Some(text), "the post to be read")?;
    answers.take(last)?;
    expect(listed.get(created.as_str()).is_some(), "the post among those of the list")?;

    // The same text twice in a row is refused, and what depends on it is not run.
    let mut batch = Batch::new();
    let again = CreatePagePost::new(stage.page_id.clone()).message(text);
    let again = batch.add_item(BatchItem::new(again).name("again"));
    let after = batch.add_item(BatchItem::new(GetMe::new()).depends_on("again"));
    let answers = stage.page.send_batch(batch).await?;
    let failed = answers.take(again).is_err() && answers.take(after).is_err();
    expect(failed, "the repeat to be refused, and what depends on it")?;

    let mut batch = Batch::new();
    let deleted = batch.add_silent(BatchItem::new(DeletePost::new(created.clone())));
    let answers = stage.page.send_batch(batch).await?;
    answers.take(deleted)?;
    let gone = stage.page.send(GetPost::new(created)).await.is_err();
    expect(gone, "the post to be gone")
}

/// Two photos, whose bytes travel beside the items.
async fn with_files(stage: &Stage) -> Outcome {
    let photo = |name: &str| {
        let file = MediaFile::new(name, "image/png", PICTURE.to_vec());
        CreatePhoto::new(stage.page_id.clone()).source(file).caption(name).published(false)
    };
    let mut batch = Batch::new();
    let photos = ["one.png", "two.png"].map(|name| batch.add(photo(name)));
    let answers = stage.page.send_batch(batch).await?;
    let mut batch = Batch::new();
    for photo in photos {
        let id = answers.take(photo)?.id;
        stage.page.send(GetPhoto::new(id.clone())).await?;
        batch.add(DeletePhoto::new(id));
    }
    let answers = stage.page.send_batch(batch).await?;
    expect(answers.failures().count() == 0, "the photos to be deleted")
}

/// More than fit into a call are sent in several. Without the items' headers the answers are shorter.
async fn more_than_fifty(stage: &Stage) -> Outcome {
    let mut batch = Batch::new();
    batch.without_headers();
    let items: Vec<_> = (0..60).map(|_| batch.add(GetMe::new())).collect();
    let answers = stage.user.send_batch(batch).await?;
    expect(answers.calls() == 2, "two calls for sixty items")?;
    for item in items {
        expect(answers.take(item)?.id == stage.user_id, "the person in every answer")?;
    }
    Ok(())
}
