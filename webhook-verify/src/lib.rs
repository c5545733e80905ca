#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

#[cfg(feature = "axum")]
#[cfg_attr(docsrs, doc(cfg(feature = "axum")))]
pub mod axum;
mod canonical;
mod challenge;
mod dedupe;
mod delivery;
mod error;
mod event;
mod fields;
mod hex;
mod hint;
#[cfg(feature = "http")]
#[cfg_attr(docsrs, doc(cfg(feature = "http")))]
mod http;
#[cfg(feature = "inbox")]
#[cfg_attr(docsrs, doc(cfg(feature = "inbox")))]
pub mod inbox;
mod keyring;
mod linkedin;
mod linkedin_challenge;
mod meta;
mod meta_challenge;
mod open_enum;
mod parse;
mod provider;
mod query;
mod secret;
mod signature;
mod signed_request;
#[cfg(any(test, feature = "testing"))]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
mod time;
mod verified;

pub use challenge::{ChallengeAnswer, ChallengeError};
pub use dedupe::{DedupeKey, DedupeKeyError, Strength};
pub use delivery::Delivery;
pub use error::{BuildError, VerifyError};
pub use event::{
    Event,
    feed::{FeedActor, FeedChange, FeedItem, FeedVerb, ReactionType},
    instagram::{
        InstagramComment, InstagramMedia, InstagramMention, InstagramStoryInsights, InstagramUser,
        MediaProductType,
    },
    kind::EventKind,
    lead::{LeadAction, LeadActionType, LeadType, NamedUrn},
    leadgen::LeadgenChange,
    page::{LiveVideoChange, LiveVideoStatus, PageMention, RatingChange, RatingItem, RecommendationType},
    social::{SocialAction, SocialActionType},
    user::{PermissionChange, PermissionVerb, UserChange, UserVerb},
};
pub use event::{messaging, threads, whatsapp};
pub use hint::Hint;
pub use linkedin::{LinkedInReading, LinkedInVerifier, LinkedInVerifierBuilder};
pub use meta::{DEFAULT_MAX_BODY_BYTES, MetaVerifier, MetaVerifierBuilder};
pub use meta_challenge::{MetaChallenge, VerifyToken};
pub use parse::{ParseError, parse_linkedin, parse_meta};
pub use provider::Provider;
pub use secret::{Secret, SecretError};
pub use signature::SignatureFault;
pub use signed_request::{
    DataDeletionAnswer, DataDeletionError, SignedRequest, SignedRequestError, SignedRequestHint,
    SignedRequestVerifier, SignedRequestVerifierBuilder,
};
pub use time::EventTime;
pub use verified::{Scheme, Verified};
