//! The OpenAPI document as the judge of input: what it says of a body or a query is what is enforced,
//! and all that is wrong is reported at once.

use crate::error::{FieldError, Message, message};
use crate::openapi::Served;
use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use utoipa::IntoParams;
use utoipa::openapi::Required;

/// The schemas of the document, and the validators made from them so far.
pub struct Contract {
    schemas: &'static BTreeMap<&'static str, &'static RawValue>,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
    queries: Mutex<HashMap<TypeId, Arc<QueryContract>>>,
}

/// What the document says of one query: the JSON types of each parameter, and the schema of all.
struct QueryContract {
    types: HashMap<String, BTreeSet<String>>,
    validator: Option<Validator>,
}

impl Contract {
    /// The contract of this service.
    pub fn get() -> &'static Self {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        CONTRACT.get_or_init(|| Self { schemas: &Served::get().schemas, validators: Mutex::default(), queries: Mutex::default() })
    }

    fn schema(&self, name: &str) -> Option<Value> {
        self.schemas.get(name).and_then(|text| serde_json::from_str(text.get()).ok())
    }

    /// Everything that is wrong with a body, by the named schema.
    pub fn check_body(&self, schema: &str, body: &Value) -> Vec<FieldError> {
        let validator = self.validator(schema);
        let mut errors: Vec<FieldError> =
            validator.map_or_else(Vec::new, |validator| validator.iter_errors(body).flat_map(|error| field_errors(&error)).collect());
        // A value of the wrong type breaks every other rule of the field too: one word is enough.
        let mistyped: BTreeSet<String> = errors.iter().filter(|error| error.code == "type").map(|error| error.pointer.clone()).collect();
        errors.retain(|error| error.code == "type" || !mistyped.contains(&error.pointer));
        errors
    }

    /// Turns the raw pairs of a query into typed JSON by the parameters' schemas, or says all that is wrong.
    pub fn check_query<T: IntoParams + 'static>(&self, pairs: &[(String, String)]) -> Result<Value, Vec<FieldError>> {
        let query = self.query::<T>();
        let mut object = Map::new();
        let mut errors = Vec::new();
        for (key, text) in pairs {
            let pointer = || format!("?{key}");
            match query.types.get(key) {
                None => errors.push(FieldError::new(
                    pointer(),
                    "unknown_parameter",
                    message("Không có tham số này.", "There is no such parameter."),
                )),
                Some(_) if object.contains_key(key) => {
                    errors.push(FieldError::new(
                        pointer(),
                        "duplicate_parameter",
                        message("Tham số lặp lại.", "The parameter stands twice."),
                    ));
                }
                Some(types) => {
                    object.insert(key.clone(), coerce(types, text));
                }
            }
        }
        let value = Value::Object(object);
        if let Some(validator) = query.validator.as_ref().filter(|validator| !validator.is_valid(&value)) {
            errors.extend(validator.iter_errors(&value).flat_map(|error| field_errors(&error)).map(|mut error| {
                error.pointer = format!("?{}", error.pointer.trim_start_matches('/'));
                error
            }));
        }
        if errors.is_empty() { Ok(value) } else { Err(errors) }
    }

    /// What the document says of a query type, worked out once.
    fn query<T: IntoParams + 'static>(&self) -> Arc<QueryContract> {
        let mut queries = self.queries.lock().unwrap_or_else(PoisonError::into_inner);
        let made = queries.entry(TypeId::of::<T>()).or_insert_with(|| {
            let parameters = T::into_params(|| None);
            let schemas: Map<String, Value> = parameters
                .iter()
                .map(|parameter| (parameter.name.clone(), serde_json::to_value(&parameter.schema).unwrap_or(Value::Bool(true))))
                .collect();
            let types = schemas.iter().map(|(name, schema)| (name.clone(), self.types(schema, 0))).collect();
            let required: Vec<&str> = parameters
                .iter()
                .filter(|parameter| matches!(parameter.required, Required::True))
                .map(|parameter| parameter.name.as_str())
                .collect();
            let schema = json!({"type": "object", "properties": schemas, "required": required});
            Arc::new(QueryContract { types, validator: self.compile(std::any::type_name::<T>(), schema) })
        });
        Arc::clone(made)
    }

    /// The names of the properties of a schema: what `fields=` may name.
    pub fn properties(&self, schema: &str) -> Vec<String> {
        let schema = self.schema(schema).unwrap_or_default();
        schema.get("properties").and_then(Value::as_object).map_or_else(Vec::new, |properties| properties.keys().cloned().collect())
    }

    fn validator(&self, name: &str) -> Option<Arc<Validator>> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = validators.get(name) {
            return Some(Arc::clone(validator));
        }
        let validator = Arc::new(self.compile(name, json!({"$ref": format!("#/components/schemas/{name}")}))?);
        validators.insert(name.to_owned(), Arc::clone(&validator));
        Some(validator)
    }

    fn compile(&self, name: &str, mut schema: Value) -> Option<Validator> {
        let needed = self.reachable(&schema);
        if let Some(object) = schema.as_object_mut() {
            object.insert("components".to_owned(), json!({"schemas": needed}));
        }
        match jsonschema::draft202012::options().should_validate_formats(true).build(&schema) {
            Ok(validator) => Some(validator),
            Err(error) => {
                log::error!(schema = name, error = error.to_string().as_str(); "schema cannot be compiled");
                None
            }
        }
    }

    fn reachable(&self, from: &Value) -> Map<String, Value> {
        let mut found = Map::new();
        let mut open = BTreeSet::new();
        references(from, &mut open);
        while let Some(name) = open.pop_first() {
            if let (false, Some(schema)) = (found.contains_key(&name), self.schema(&name)) {
                references(&schema, &mut open);
                found.insert(name, schema);
            }
        }
        found
    }

    fn types(&self, schema: &Value, depth: usize) -> BTreeSet<String> {
        let mut types = BTreeSet::new();
        if depth > 4 {
            return types;
        }
        match schema.get("type") {
            Some(Value::String(name)) => {
                types.insert(name.clone());
            }
            Some(Value::Array(names)) => types.extend(names.iter().filter_map(Value::as_str).map(str::to_owned)),
            _ => {}
        }
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.rsplit('/').next());
        if let Some(schema) = target.and_then(|target| self.schema(target)) {
            types.extend(self.types(&schema, depth + 1));
        }
        for key in ["oneOf", "anyOf", "allOf"] {
            for branch in schema.get(key).and_then(Value::as_array).into_iter().flatten() {
                types.extend(self.types(branch, depth + 1));
            }
        }
        types
    }
}

/// Text of a query as the JSON type its schema asks for; text stays where that fails, and the schema refuses it.
fn coerce(types: &BTreeSet<String>, text: &str) -> Value {
    let integer = || text.parse::<i64>().ok().filter(|_| types.contains("integer")).map(Value::from);
    let number = || text.parse::<f64>().ok().filter(|_| types.contains("number")).map(Value::from);
    let boolean = || text.parse::<bool>().ok().filter(|_| types.contains("boolean")).map(Value::from);
    integer().or_else(number).or_else(boolean).unwrap_or_else(|| Value::String(text.to_owned()))
}

fn references(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            if let Some(name) = object.get("$ref").and_then(Value::as_str).and_then(|target| target.rsplit('/').next()) {
                names.insert(name.to_owned());
            }
            object.values().for_each(|value| references(value, names));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, names)),
        _ => {}
    }
}

/// One violation of a schema as bad fields in the API's words.
fn field_errors(error: &ValidationError<'_>) -> Vec<FieldError> {
    let at = error.instance_path().to_string();
    let below = |name: &str| format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } | ValidationErrorKind::UnevaluatedProperties { unexpected } => unexpected
            .iter()
            .map(|name| FieldError::new(below(name), "unknown_field", message("Không có trường này.", "There is no such field.")))
            .collect(),
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![FieldError::new(below(name), "required", message("Trường bắt buộc.", "The field is required."))]
        }
        // The branch that is meant is the one that does not say "null".
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            let inner: Vec<FieldError> = context
                .iter()
                .filter(|branch| !branch.iter().any(|error| error.schema_path().as_str().ends_with("/type") && is_null_branch(error)))
                .flat_map(|branch| branch.iter().flat_map(field_errors))
                .collect();
            if inner.is_empty() {
                vec![FieldError::new(at, "invalid", message("Giá trị không hợp lệ.", "The value is not valid."))]
            } else {
                inner
            }
        }
        kind => {
            let (code, message) = simple(kind);
            vec![FieldError::new(at, code, message)]
        }
    }
}

fn is_null_branch(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), ValidationErrorKind::Type { kind } if format!("{kind:?}").contains("Null") && !format!("{kind:?}").contains("Multiple"))
}

fn simple(kind: &ValidationErrorKind) -> (&'static str, Message) {
    match kind {
        ValidationErrorKind::Type { .. } => ("type", message("Sai kiểu dữ liệu.", "The value has the wrong type.")),
        ValidationErrorKind::MaxLength { limit } => {
            ("too_long", message(format!("Không được dài quá {limit} ký tự."), format!("At most {limit} characters.")))
        }
        ValidationErrorKind::MinLength { limit } => {
            ("too_short", message(format!("Cần ít nhất {limit} ký tự."), format!("At least {limit} characters.")))
        }
        ValidationErrorKind::Maximum { limit } => {
            ("too_large", message(format!("Không được lớn hơn {limit}."), format!("At most {limit}.")))
        }
        ValidationErrorKind::Minimum { limit } => {
            ("too_small", message(format!("Không được nhỏ hơn {limit}."), format!("At least {limit}.")))
        }
        ValidationErrorKind::MaxItems { limit } => {
            ("too_many", message(format!("Không được quá {limit} phần tử."), format!("At most {limit} items.")))
        }
        ValidationErrorKind::MinItems { limit } => {
            ("too_few", message(format!("Cần ít nhất {limit} phần tử."), format!("At least {limit} items.")))
        }
        ValidationErrorKind::UniqueItems => ("not_unique", message("Các phần tử không được trùng nhau.", "The items must differ.")),
        ValidationErrorKind::Pattern { .. } => {
            ("pattern", message("Có ký tự hoặc dạng không được phép.", "The text has characters or a form that is not allowed."))
        }
        ValidationErrorKind::Format { format } => {
            ("format", message(format!("Không đúng dạng {format}."), format!("Not a valid {format}.")))
        }
        ValidationErrorKind::Enum { options } => {
            let options = options
                .as_array()
                .map_or_else(String::new, |options| options.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "));
            ("not_allowed", message(format!("Chỉ nhận: {options}."), format!("One of: {options}.")))
        }
        _ => ("invalid", message("Giá trị không hợp lệ.", "The value is not valid.")),
    }
}
