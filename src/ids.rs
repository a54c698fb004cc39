//! Identifiers: one type each, UUID version 7 (RFC 9562), so that a site's id is never taken for a plan's.

/// Declares newtype ids that speak JSON, PostgreSQL and OpenAPI.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
                 serde::Serialize, serde::Deserialize,
                 diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A new id, later than all that were made before it.
            #[allow(clippy::new_without_default)]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$name> for uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
                <uuid::Uuid as diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg>>::to_sql(&self.0, out)
            }
        }

        impl diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                <uuid::Uuid as diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg>>::from_sql(bytes).map(Self)
            }
        }

        impl $crate::extract::PathId for $name {
            fn from_uuid(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
                    .max_length(Some(36))
                    .description(Some(concat!("Identifier (UUID, version 7): ", stringify!($name), ".")))
                    .examples(["018b2f19-e79e-7d6a-a56d-29feb6211b04"])
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )+

    /// The schemas of all ids, for the OpenAPI document: a type used in a path only is collected by nothing else.
    pub fn schemas() -> Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)> {
        vec![$((stringify!($name).to_owned(), <$name as utoipa::PartialSchema>::schema()),)+]
    }};
}

ids! {
    /// An administrative unit in one period of validity.
    AdminUnitId;
    /// A body of the organisation tree.
    OrgUnitId;
    /// A person who signs in.
    UserId;
    /// A machine account.
    ApiClientId;
    /// One province's festival of one year.
    CampaignId;
    /// A plan.
    PlanId;
    /// A site of the festival.
    SiteId;
    /// A step of a site, in its history.
    SiteStepId;
    /// What is asked of a site, whether it suits.
    ChecklistItemId;
    /// An activity.
    ActivityId;
    /// A kind of activity in the catalogue of a campaign.
    ActivityKindId;
    /// A participant: a person or a collective.
    ParticipantId;
    /// A file of guests that was sent.
    ParticipantImportId;
    /// The verdict on a row of a file of guests.
    ParticipantImportRowId;
    /// That somebody told two guests apart.
    ParticipantDistinctionId;
    /// A reminder of an invitation.
    InvitationReminderId;
    /// A reading of a guest's contacts.
    ContactReadingId;
    /// Why personal data of one kind are held.
    ProcessingPurposeId;
    /// A version of such a purpose.
    ProcessingPurposeChangeId;
    /// What was erased of persons at one time.
    ErasureId;
    /// What a person asked about data of that person.
    DataRequestId;
    /// A step of such a request.
    DataRequestStepId;
    /// A change of a site's list of categories to invite.
    InvitationTemplateChangeId;
    /// The assignment of a delegate to a site.
    DelegateId;
    /// One entry or exit.
    CheckInId;
    /// A device that checks guests in.
    DeviceId;
    /// How many people were at a site at one moment.
    HeadCountId;
    /// What one body owes: a plan of its own under a plan.
    PlanObligationId;
    /// What one body owes: a results report by an instant.
    ReportObligationId;
    /// A stage of the schedule of reminders.
    ReminderStageId;
    /// A reminder of a report or a duty.
    ReminderId;
    /// A results report.
    ReportId;
    /// A step of a report, in its history.
    ReportStepId;
    /// What was decided on a report obligation, one time.
    ReportObligationDecisionId;
    /// A version of what reports ask for.
    ReportFormId;
    /// A line in the log of what was sent to and acknowledged by a plan's recipients.
    PlanDeliveryId;
    /// What one body is charged with by a plan.
    DutyId;
    /// A step of a duty, in its log.
    DutyStepId;
    /// A reminder of a duty.
    DutyReminderId;
    /// What reports added up to at one instant.
    ConsolidationId;
    /// An inspection of one body by another.
    InspectionId;
    /// A guidance note.
    GuidanceNoteId;
    /// A commendation.
    CommendationId;
    /// A gift.
    GiftId;
    /// A budget line.
    BudgetLineId;
    /// Money spent of a budget line, or a correction.
    BudgetSpendingId;
    /// An opinion raised at a forum.
    OpinionId;
    /// A difficulty raised to the province.
    ObstacleId;
    /// A grassroots model.
    GrassrootsModelId;
    /// A place that took a grassroots model over.
    ModelReplicationId;
    /// A reminder on its way to an official by mail.
    MailDeliveryId;
    /// A URL that the change feed is brought to.
    WebhookId;
    /// What was published about the festival.
    MediaItemId;
    /// The signing of a pledge.
    PledgeId;
    /// An official document of the registry.
    DocumentId;
    /// One place where a document cites another.
    CitationId;
    /// A file that belongs to something.
    AttachmentId;
}
