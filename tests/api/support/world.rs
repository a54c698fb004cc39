//! One object of each kind in the demo campaign, for tests that walk all operations.

use super::contract::{Operation, document};
use super::fixtures::District;
use super::{Answer, Client, Role, Setup, TestApp, Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The objects by their collection, and the province, which may do everything with them.
pub struct World {
    pub app: TestApp,
    pub client: Client,
    objects: BTreeMap<&'static str, String>,
    campaign: String,
    unit: String,
    inspector: String,
    venue: String,
}

impl World {
    pub async fn start() -> Self {
        let origins = vec!["https://portal.example.org".to_owned()];
        let app = TestApp::start_with(Setup { workers: 2, webhook_origins: origins, ..Setup::default() }).await;
        let client = app.sign_in(Role::ProvincialAdministrator).await;
        let district = District::of(&app, "Lục Yên").await;
        let (campaign, unit) = (app.campaign_id().await, district.unit.clone());
        let inspector = app.org_unit_of_kind("provincial_police", "").await;
        // Guests come to a site that is scheduled; the other one can take any step.
        let (site, venue) = (district.draft(&app, "Bản Mường Lai").await, district.scheduled(&app, "Bản Nà Kèn").await);
        let mut world = Self { app, client, objects: BTreeMap::from([("sites", site.id())]), campaign, unit, inspector, venue: venue.id() };
        world.objects.insert("top-plan", world.app.text("SELECT id FROM plans WHERE parent_plan_id IS NULL").await);
        world.objects.insert("campaigns", world.campaign.clone());
        world.objects.insert("admin-units", world.app.text("SELECT id FROM admin_units LIMIT 1").await);
        world.objects.insert("report-obligations", world.app.text("SELECT id FROM report_obligations LIMIT 1").await);
        world.objects.insert("activity-kinds", world.app.text("SELECT id FROM activity_kinds LIMIT 1").await);
        world.objects.insert("reminder-stages", world.app.text("SELECT id FROM reminder_stages WHERE code = 'report_due_today'").await);
        world.objects.insert("checklist-items", world.app.text("SELECT id FROM checklist_items LIMIT 1").await);
        world
            .objects
            .insert("processing-purposes", world.app.text("SELECT id FROM processing_purposes WHERE data_kind = 'guests' LIMIT 1").await);
        world.objects.insert("plan-obligations", world.app.text("SELECT id FROM plan_obligations LIMIT 1").await);
        world.objects.insert("users", world.app.insert_user(Role::Commune, &world.unit).await.to_string());
        for (collection, schema) in [
            ("org-units", "OrgUnitIn"),
            ("api-clients", "ApiClientIn"),
            ("webhooks", "WebhookIn"),
            ("plans", "PlanIn"),
            ("documents", "DocumentIn"),
            ("activities", "ActivityIn"),
            ("participants", "ParticipantIn"),
            ("delegates", "DelegateIn"),
            ("data-requests", "DataRequestIn"),
            ("report-forms", "ReportFormIn"),
            ("reports", "ReportIn"),
            ("duties", "DutyIn"),
            ("inspections", "InspectionIn"),
            ("consolidations", "ConsolidationIn"),
            ("guidance-notes", "GuidanceNoteIn"),
            ("commendations", "CommendationIn"),
            ("gifts", "GiftIn"),
            ("budget-lines", "BudgetLineIn"),
            ("opinions", "OpinionIn"),
            ("obstacles", "ObstacleIn"),
            ("grassroots-models", "GrassrootsModelIn"),
            ("media-items", "MediaItemIn"),
            ("pledges", "PledgeIn"),
            ("head-counts", "HeadCountIn"),
        ] {
            let body = world.example(schema);
            let made = world.client.post(&format!("/api/v1/{collection}"), body).await;
            made.expect(201);
            world.objects.insert(collection, made.id());
        }
        let twin = world.client.post("/api/v1/participants", world.example("ParticipantIn")).await;
        twin.expect(201);
        world.objects.insert("other-participants", twin.id());
        let target = format!("/api/v1/plans/{}/attachments?filename=tep.txt", world.objects["plans"]);
        let file = world.client.raw("POST", &target, "text/plain", "Kính gửi").await;
        file.expect(201);
        world.objects.insert("attachments", file.id());
        let target = format!("/api/v1/participant-imports?site_id={}", world.venue);
        let import = world.client.raw("POST", &target, "application/x-ndjson", "{\"kind\":\"person\"}").await;
        import.expect(202);
        world.objects.insert("participant-imports", import.id());
        let device = world.client.post("/api/v1/devices", world.example("DeviceIn")).await;
        device.expect(201);
        world.objects.insert("devices", device.id());
        world.objects.insert("device-code", device.body["code"].as_str().unwrap().to_owned());
        let entry = world.client.post("/api/v1/check-ins", world.example("CheckInIn")).await;
        entry.expect(201);
        world.objects.insert("check-ins", entry.id());
        let reminder = Uuid::now_v7();
        world
            .app
            .execute(&format!(
                "INSERT INTO reminders (campaign_id, id, stage_id, subject, obligation_id, kind, step, level, org_unit_id, to_org_unit_id, due_before, planned_at, sent_at)
                 SELECT o.campaign_id, '{reminder}', s.id, s.subject, o.id, s.kind, 0, 1, o.org_unit_id, o.org_unit_id, o.due_before, o.due_before, o.due_before
                 FROM report_obligations o JOIN reminder_stages s ON s.campaign_id = o.campaign_id AND s.code = 'report_overdue'
                 WHERE o.id = '{}'",
                world.objects["report-obligations"]
            ))
            .await;
        world.objects.insert("reminders", reminder.to_string());
        let letter = Uuid::now_v7();
        world
            .app
            .execute(&format!(
                "INSERT INTO mail_deliveries (campaign_id, id, reminder_id, user_id, org_unit_id, state, next_attempt_at, created_at)
                 SELECT campaign_id, '{letter}', id, '{letter}', to_org_unit_id, 'queued', now(), now() FROM reminders WHERE id = '{reminder}'"
            ))
            .await;
        world.objects.insert("mail-deliveries", letter.to_string());
        let contacts = format!("/api/v1/participants/{}/contacts", world.objects["participants"]);
        world.client.put_if(&contacts, "*", world.example("ParticipantContactsIn")).await.expect(200);
        world.client.get(&format!("{contacts}?reason=goi")).await.expect(200);
        world
    }

    /// The example of a body, with references to what is there.
    pub fn example(&self, schema_name: &str) -> Value {
        let schema = &document()["components"]["schemas"][schema_name];
        let mut body =
            [&schema["example"], &schema["examples"][0]].into_iter().find(|one| one.is_object()).cloned().unwrap_or_else(|| json!({}));
        for (name, value) in body.as_object_mut().unwrap() {
            if let Some(id) = self.reference(name) {
                *value = json!(id);
            }
        }
        match schema_name {
            // A portal belongs to a department.
            "ApiClientIn" => body["org_unit_id"] = json!(self.app.shared.account(Role::PortalClient).org_unit_id),
            // Nothing is submitted in the world.
            "BulkAcceptIn" => body["expected_count"] = json!(0),
            // The clock of the world stands before the festival.
            "CheckInIn" => body["occurred_at"] = json!("2023-07-10T07:45:00+07:00"),
            "DeviceIn" => body["site_ids"] = json!([self.venue]),
            "DeviceEnrolIn" => body["code"] = json!(self.objects.get("device-code")),
            "ClockIn" => body["now"] = json!("2023-07-10T08:00:00+07:00"),
            _ => {}
        }
        body
    }

    /// What a member or parameter of this name may refer to.
    pub fn reference(&self, name: &str) -> Option<String> {
        let object = |collection: &str| self.objects.get(collection).cloned();
        match name {
            "campaign_id" => Some(self.campaign.clone()),
            "org_unit_id" | "parent_id" | "under_org_unit_id" | "site_org_unit_id" => Some(self.unit.clone()),
            "site_id" => Some(self.venue.clone()),
            "inspector_org_unit_id" | "to_org_unit_id" => Some(self.inspector.clone()),
            "parent_plan_id" | "plan_id" => object("top-plan"),
            "participant_id" => object("participants"),
            "other_participant_id" | "into_participant_id" => object("other-participants"),
            "import_id" => object("participant-imports"),
            "activity_id" => object("activities"),
            "report_id" => object("reports"),
            "api_client_id" => object("api-clients"),
            "obligation_id" => object("report-obligations"),
            "admin_unit_id" => object("admin-units"),
            "form_id" => object("report-forms"),
            "filename" => Some("tep.txt".to_owned()),
            "device_id" | "op_id" => Some(Uuid::now_v7().to_string()),
            _ => None,
        }
    }

    /// The path of an operation for the object that is there.
    pub fn path(&self, operation: &Operation) -> String {
        let mut segments: Vec<String> = operation.template.split('/').map(str::to_owned).collect();
        for index in 1..segments.len() {
            if segments[index] == "{no}" {
                segments[index] = "1".to_owned();
            } else if segments[index] == "{id}" {
                segments[index] = self.objects.get(segments[index - 1].as_str()).cloned().unwrap_or_else(|| Uuid::now_v7().to_string());
            }
        }
        segments.join("/")
    }

    /// The name of the schema of an operation's JSON body.
    pub fn body_schema(operation: &'static Operation) -> Option<&'static str> {
        operation.value.pointer("/requestBody/content/application~1json/schema/$ref")?.as_str()?.rsplit('/').next()
    }

    /// The parameters of an operation that stand in the query.
    pub fn query_parameters(operation: &'static Operation) -> Vec<&'static Value> {
        operation.value["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter["in"] == "query").collect()
    }

    /// The query with those parameters that an operation cannot do without, for objects that are there.
    pub fn required_query(&self, operation: &'static Operation) -> String {
        let required = Self::query_parameters(operation).into_iter().filter(|parameter| parameter["required"] == true);
        let pairs: Vec<String> = required
            .filter_map(|parameter| {
                let name = parameter["name"].as_str()?;
                let value = match name {
                    "symbol" => "KH".to_owned(),
                    "year" => "2023".to_owned(),
                    "reason" => "thu".to_owned(),
                    _ => self.reference(name)?,
                };
                Some(format!("{name}={value}"))
            })
            .collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// Whether an operation asks for `If-Match`.
    pub fn needs_if_match(operation: &Operation) -> bool {
        operation.value["parameters"].as_array().into_iter().flatten().any(|one| one["$ref"] == "#/components/parameters/IfMatch")
    }

    /// Sends an operation with a body, and with whatever version the object has.
    pub async fn send(&self, operation: &Operation, path: &str, body: Option<&Value>) -> Answer {
        let request = self.client.request(&operation.method, path).header("if-match", "*");
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        self.client.send(request).await
    }
}
