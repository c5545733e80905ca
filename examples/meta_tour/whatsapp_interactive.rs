//! WhatsApp messages with something to tap.

use sociogram::meta_graph::whatsapp::{
    AddressRequest, Amount, CardAction, CardHeader, CarouselCard, FlowAction, Interactive, InteractiveAction,
    InteractiveHeader, List, ListRow, ListSection, MediaSource, Order, OrderDetails, OrderItem, OrderStatus,
    OrderUpdate, ProductSection, ReplyButton, SavedAddress, VoiceCall,
    flows::{CreateFlow, FlowCategory},
};

use crate::{
    Outcome,
    stage::Stage,
    whatsapp::send,
    whatsapp_manage::{ACCOUNT, SCREEN},
};

/// A catalog of the business.
const CATALOG: &str = "1300000000000001";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    choices(stage).await?;
    questions(stage).await?;
    flow(stage).await?;
    products(stage).await?;
    cards(stage).await?;
    orders(stage).await
}

async fn choices(stage: &Stage) -> Outcome {
    let buttons = [ReplyButton::new("yes", "Yes"), ReplyButton::new("no", "No, later")];
    let question = Interactive::buttons("Shall we deliver at 9?", buttons)
        .header(InteractiveHeader::image(MediaSource::link("https://example.com/van.jpg")))
        .footer("Free of charge");
    send(stage, question).await?;

    let list = List::of_sections(
        "Choose",
        [
            ListSection::new("Bread", [ListRow::new("rye", "Rye").description("With caraway")]),
            ListSection::new("Cake", [ListRow::new("plum", "Plum cake")]),
        ],
    );
    let list = Interactive::list("What may it be?", list).header(InteractiveHeader::text("Today"));
    send(stage, list).await?;
    send(stage, Interactive::link("See all of it", "Our shop", "https://example.com/shop")).await?;
    Ok(())
}

async fn questions(stage: &Stage) -> Outcome {
    send(stage, Interactive::new("Where shall we go?", InteractiveAction::LocationRequest)).await?;
    send(stage, Interactive::new("How can we reach you?", InteractiveAction::ContactInfoRequest)).await?;
    send(stage, Interactive::new("May we call you?", InteractiveAction::CallPermissionRequest)).await?;
    let call = VoiceCall::new().display_text("Call us").ttl_minutes(60).payload("order-1001");
    send(stage, Interactive::new("Questions?", InteractiveAction::VoiceCall(call))).await?;

    let home = [("name", "Ada"), ("address", "Orchard Road 1"), ("sg_post_code", "238823")];
    let home = home.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let request =
        AddressRequest::new("SG").value("name", "Ada").saved_address(SavedAddress::new("home", home));
    send(stage, Interactive::new("Where do you live?", InteractiveAction::Address(request))).await?;
    Ok(())
}

async fn flow(stage: &Stage) -> Outcome {
    let create = CreateFlow::new(ACCOUNT, "table_for_two", vec![FlowCategory::AppointmentBooking]);
    let flow = stage.user.send(create.flow_json(SCREEN).publish(true)).await?.id;
    let open = FlowAction::new(flow.ok_or("a flow that was made has an id")?, "Book a table")
        .token("booking-17")
        .navigate("WELCOME", None);
    send(stage, Interactive::flow("When would you like to come?", open)).await?;
    send(stage, Interactive::flow("Or now?", FlowAction::by_name("table_for_two", "Book").data_exchange()))
        .await?;
    Ok(())
}

async fn products(stage: &Stage) -> Outcome {
    let catalog_id = CATALOG.to_owned();
    let product = InteractiveAction::Product {
        catalog_id: catalog_id.clone(),
        product_retailer_id: "rye-1".to_owned(),
    };
    send(stage, Interactive::without_body(product).footer("Only today")).await?;

    let sections =
        vec![ProductSection::new("Bread", ["rye-1", "rye-2"]), ProductSection::new("Cake", ["plum-1"])];
    let list = Interactive::new("All we have", InteractiveAction::ProductList { catalog_id, sections });
    send(stage, list.header(InteractiveHeader::text("Our shop"))).await?;

    let catalog = InteractiveAction::Catalog { thumbnail_product_retailer_id: Some("rye-1".to_owned()) };
    send(stage, Interactive::new("Look around", catalog)).await?;
    Ok(())
}

async fn cards(stage: &Stage) -> Outcome {
    let picture = |name: &str| CardHeader::Image {
        image: MediaSource::link(format!("https://example.com/{name}.jpg")),
    };
    let link = |url: &str| CardAction::CtaUrl { display_text: "Buy".to_owned(), url: url.to_owned() };
    let links = vec![
        CarouselCard::new(picture("rye"), link("https://example.com/rye")).body("Rye bread"),
        CarouselCard::new(picture("plum"), link("https://example.com/plum")).body("Plum cake"),
    ];
    send(stage, Interactive::new("New this week", InteractiveAction::Carousel(links))).await?;

    let reply = |id: &str| CardAction::Buttons(vec![ReplyButton::new(id, "This one")]);
    let replies = vec![
        CarouselCard::new(picture("rye"), reply("rye")),
        CarouselCard::new(picture("plum"), reply("plum")),
    ];
    send(stage, Interactive::new("Which one?", InteractiveAction::Carousel(replies))).await?;

    let products = ["rye-1", "plum-1"].map(|product| CarouselCard::product(CATALOG, product));
    send(stage, Interactive::new("From our shop", InteractiveAction::Carousel(products.to_vec()))).await?;
    Ok(())
}

async fn orders(stage: &Stage) -> Outcome {
    let items = [OrderItem::new("rye-1", "Rye bread", Amount::in_hundredths(500), 2)];
    let order = Order::new(items, Amount::in_hundredths(1_000), Amount::in_hundredths(90))
        .shipping(Amount::in_hundredths(300))
        .discount(Amount::in_hundredths(100));
    let details = OrderDetails::new("order-1001", "SGD", Amount::in_hundredths(1_290), order);
    let pay = InteractiveAction::OrderDetails(Box::new(details));
    send(stage, Interactive::new("Please pay", pay)).await?;

    let status = OrderStatus::new("order-1001", OrderUpdate::Shipped).description("With you at 9");
    send(stage, Interactive::new("Your order", InteractiveAction::OrderStatus(status))).await?;
    Ok(())
}
