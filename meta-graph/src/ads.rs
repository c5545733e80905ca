//! Ad accounts, campaigns, ad sets, ads, creatives, audiences and catalogs (Marketing API).
//!
//! Amounts of money are in the smallest unit of the ad account's currency (cents), and whole units in currencies that
//! have none. Everything that is made can be tried first: [`ValidateOnly`] has Meta check it without making it.

mod accounts;
mod ad;
mod ad_sets;
mod audiences;
mod campaigns;
mod catalogs;
mod copies;
mod creatives;
mod filter;
mod images;
mod list_all;
mod previews;
mod validate;
mod videos;
mod words;

pub use accounts::{
    AccountStatus, AdAccount, AdAccountApp, AdAccountBusiness, GetAdAccount, ListAdAccountApps,
    ListAdAccounts, ListAssignedAdAccounts, SubscribeAdAccount, UnsubscribeAdAccount,
};
pub use ad::{Ad, CreateAd, CreatedAd, CreativeRef, DeleteAd, GetAd, ListAds, ListAdsOf, UpdateAd};
pub use ad_sets::{
    AdSet, AdSetBudget, CreateAdSet, CreatedAdSet, DeleteAdSet, GeoLocations, GetAdSet, ListAdSets,
    ListAdSetsOf, Targeting, UpdateAdSet,
};
pub use audiences::{
    AddAudienceUsers, AudienceAction, AudienceBatch, AudienceKey, AudienceSession, AudienceStatus,
    AudienceUpload, AudienceUploaded, AudienceUser, AudienceUsers, AudienceUsersReceived, AudienceValue,
    BatchSession, CreateCustomAudience, CreateLookalike, CreatedAudience, CustomAudience,
    DeleteCustomAudience, Gender, GetCustomAudience, InvalidSamples, ListAudienceSessions,
    ListCustomAudiences, LookalikeSpec, RemoveAudienceUsers, ReplaceAudienceUsers, Sha256Hex,
    UpdateCustomAudience,
};
pub use campaigns::{
    Campaign, CampaignBudget, CreateCampaign, CreatedCampaign, DeleteCampaign, GetCampaign, ListCampaigns,
    UpdateCampaign,
};
pub use catalogs::{
    BatchMethod, BatchProblem, BatchStatus, CatalogBatchStatus, CatalogItem, GetCatalogBatchStatus,
    ItemValidation, ListCatalogs, ProductCatalog, SubmitCatalogBatch, SubmittedCatalogBatch,
};
pub use copies::{CopiedAd, CopiedAdSet, CopiedCampaign, CopiedObject, CopyAd, CopyAdSet, CopyCampaign};
pub use creatives::{
    AdCreative, CallToAction, CreateCreative, CreatedCreative, DeleteCreative, GetCreative, LinkData,
    ListCreatives, PhotoData, StorySpec, UpdateCreative, VideoData,
};
pub use filter::{Filter, FilterOperator, TimeRange};
pub use images::{AdImage, ListAdImages, UploadAdImage, UploadedAdImage, UploadedAdImages};
pub use list_all::{AllAdAccounts, FoundAdAccount, SkippedAdAccounts, list_all_ad_accounts};
pub use previews::{AdFormat, AdPreview, GetAdPreviews};
pub use validate::{Validatable, ValidateOnly, Validated};
pub use videos::{CreateAdVideo, CreatedAdVideo};
pub use words::{
    ActionBreakdown, AdStatus, AdsBreakdown, AdsTask, AudienceLabel, AudienceSubtype, BidStrategy,
    BillingEvent, CallToActionType, CopyStatus, CustomerFileSource, DestinationType, EffectiveStatus,
    Objective, OptimizationGoal, SpecialAdCategory,
};
