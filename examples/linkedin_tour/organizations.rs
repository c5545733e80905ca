//! Organizations: whose they are, what one may do there, what they look like, and who follows them.

use futures_util::TryStreamExt as _;
use sociogram::linkedin_api::{
    ErrorKind, OrganizationUrn, Urn,
    organizations::{
        AclState, AuthorizationAction, BatchGetOrganizations, BatchLookUpOrganizations, FindFollowers,
        FindMemberByVanityUrl, FindOrganizationAuthorizations, FindOrganizationByVanity,
        FindOrganizationsByEmailDomain, FollowerEdge, GetFollowerCount, GetOrganization,
        GetOrganizationBrand, ListChildOrganizations, ListOrganizationAcls, ListOrganizationAdmins,
        OrganizationAcl, OrganizationAuthorization, OrganizationKind, OrganizationRole, StaffCountRange,
    },
};

use crate::{Outcome, expect, stage::Stage};

/// An organization in which the member may look at figures, and no more.
const ANALYSED: &str = "5000002";
/// An organization in which the member has no role.
const STRANGER: &str = "5000009";

/// Tours the area.
pub(crate) async fn tour(stage: &Stage) -> Outcome {
    roles(stage).await?;
    authorizations(stage).await?;
    one(stage).await?;
    several(stage).await?;
    searches(stage).await?;
    brands(stage).await?;
    followers(stage).await
}

/// Which organizations the member has a role in, page by page, and who has one in the member's own.
async fn roles(stage: &Stage) -> Outcome {
    let roles: Vec<_> = stage.member.items(ListOrganizationAcls::new().count(1)).try_collect().await?;
    expect(roles.len() == 2, "two roles")?;
    let mut posting =
        roles.iter().filter(|role| role.can_post()).filter_map(OrganizationAcl::organization_urn);
    expect(posting.next().as_ref() == Some(&stage.organization), "one organization to post for")?;
    expect(posting.next().is_none(), "no other")?;

    let analyst = ListOrganizationAcls::new().role(OrganizationRole::Analyst).state(AclState::Approved);
    let analyst = stage.member.send(analyst).await?.items;
    let found = analyst.first().and_then(OrganizationAcl::organization_urn);
    expect(found.is_some_and(|urn| urn.id() == ANALYSED), "the role of analyst")?;

    let admins = stage.member.send(ListOrganizationAdmins::new(stage.organization.clone())).await?.items;
    let member = Some(&stage.member_urn);
    expect(
        admins.iter().any(|role| role.assignee().as_ref() == member),
        "the member among those with a role",
    )?;
    let others = ListOrganizationAdmins::new(OrganizationUrn::from_id(ANALYSED)?);
    let refused = stage.member.send(others).await;
    expect(
        refused.is_err_and(|error| error.kind() == ErrorKind::Permission),
        "that this is for administrators",
    )
}

/// What the member may do, without knowing what each role is good for.
async fn authorizations(stage: &Stage) -> Outcome {
    let actions = || {
        vec![
            AuthorizationAction::content("ORGANIC_SHARE_CREATE"),
            AuthorizationAction::analytics("FOLLOWER_ANALYTICS_READ"),
            AuthorizationAction::new("OrganizationLunchAuthorizationAction", "LUNCH_ORDER"),
        ]
    };
    let find = FindOrganizationAuthorizations::new(actions());
    for find in [find.clone(), find.bare()] {
        let answers = stage.member.send(find).await?;
        let [Ok(posting), Ok(figures), Err(unknown)] = answers.as_slice() else {
            return Err("expected two answers and a refusal".into());
        };
        let own = posting
            .items
            .iter()
            .filter(|one| one.is_approved())
            .filter_map(OrganizationAuthorization::organization_urn);
        expect(own.eq([stage.organization.clone()]), "one organization to post for")?;
        expect(figures.items.len() == 2, "two whose figures can be read")?;
        expect(unknown.status == Some(400), "an action that LinkedIn does not know")?;
    }
    Ok(())
}

/// One organization: everything for its administrators, some of it for others.
async fn one(stage: &Stage) -> Outcome {
    let own = stage.member.send(GetOrganization::new(stage.organization.clone())).await?;
    expect(own.urn().as_ref() == Some(&stage.organization), "the member's organization")?;
    expect(own.staff_count_range == Some(StaffCountRange::From11), "how many work there")?;

    let stranger = stage.member.send(GetOrganization::new(OrganizationUrn::from_id(STRANGER)?)).await?;
    expect(stranger.localized_name.is_some(), "the name of another")?;
    expect(stranger.staff_count_range.is_none(), "no more than everybody sees")?;

    let nobody = OrganizationUrn::from_id("5999999")?;
    let missing = stage.member.send(GetOrganization::new(nobody)).await;
    expect(missing.is_err_and(|error| error.kind() == ErrorKind::NotFound), "no such organization")
}

/// Several at once: what one may not read costs the others nothing.
async fn several(stage: &Stage) -> Outcome {
    let ids = || -> Outcome<Vec<OrganizationUrn>> {
        let others = [ANALYSED, STRANGER, "5999999"].map(OrganizationUrn::from_id);
        let others: Result<Vec<_>, _> = others.into_iter().collect();
        Ok([vec![stage.organization.clone()], others?].concat())
    };
    let administered = stage.member.send(BatchGetOrganizations::new(ids()?)).await?;
    expect(administered.len() == 1, "the one that the member administers")?;
    expect(administered.get(stage.organization.id()).is_some(), "it under its number")?;
    let status = |id: &str| administered.failure(id).and_then(|failure| failure.status);
    expect((status(ANALYSED), status("5999999")) == (Some(403), Some(404)), "reasons for the others")?;

    let public = stage.member.send(BatchLookUpOrganizations::new(ids()?)).await?;
    expect(public.len() == 3, "the three that exist")?;
    let own = public.get(stage.organization.id()).ok_or("the own organization is missing")?;
    expect(own.vanity_name.is_some() && own.staff_count_range.is_none(), "the public part of it")
}

/// By the end of the page's address, and by the domain of the people's mail.
async fn searches(stage: &Stage) -> Outcome {
    let own = stage.member.send(GetOrganization::new(stage.organization.clone())).await?;
    let name = own.vanity_name.clone().ok_or("the organization has no vanity name")?;
    let found = stage.member.send(FindOrganizationByVanity::new(name.clone())).await?.items;
    expect(found == [own.clone()], "the organization by its vanity name")?;

    let domain = format!("{name}.example.com");
    let search = FindOrganizationsByEmailDomain::new(domain).count(1);
    let found: Vec<_> = stage.member.items(search).try_collect().await?;
    expect(found == [own], "the organization by its domain")?;
    let nothing = stage.member.send(FindOrganizationByVanity::new("nobody-has-this")).await?;
    expect(nothing.items.is_empty(), "nothing for another name")
}

/// The brands of an organization.
async fn brands(stage: &Stage) -> Outcome {
    let children = ListChildOrganizations::new(stage.organization.clone()).count(1);
    let children: Vec<_> = stage.member.items(children).try_collect().await?;
    let [brand] = children.as_slice() else { return Err("expected one brand".into()) };
    expect(brand.kind == Some(OrganizationKind::Brand), "a brand")?;

    let id = brand.id.ok_or("the brand has no id")?;
    let urn = Urn::parse(&format!("urn:li:organizationBrand:{id}"))?;
    let read = stage.member.send(GetOrganizationBrand::new(urn)).await?;
    expect(read == *brand, "the same brand")?;
    let parent = read.parent_relationship.and_then(|relation| relation.parent);
    expect(parent.as_ref() == Some(stage.organization.as_urn()), "the organization it belongs to")
}

/// How many follow an organization, and those whom a post may mention.
async fn followers(stage: &Stage) -> Outcome {
    let page = &stage.organization;
    let count = stage.member.send(GetFollowerCount::new(page.clone())).await?;
    expect(count.first_degree_size.is_some_and(|size| size > 0), "followers")?;
    let older = stage.member.send(GetFollowerCount::new(page.clone()).edge(FollowerEdge::Older)).await?;
    expect(older == count, "the same by the older name")?;

    let found = stage.member.send(FindFollowers::new(page.clone(), "vis")).await?.items;
    let [visitor] = found.as_slice() else { return Err("expected one follower".into()) };
    let name = (visitor.first_name.as_deref(), visitor.last_name.as_deref());
    expect(name == (Some("Vera"), Some("Visitor")), "whoever begins with these letters")?;

    let address = "https://www.linkedin.com/in/vera-visitor";
    let search = FindMemberByVanityUrl::new(address).organization(page.clone());
    let found = stage.member.send(search).await?.items;
    let member = found.first().and_then(|found| found.member.as_ref());
    expect(member.is_some() && member == visitor.member.as_ref(), "the same by the address of the profile")
}
