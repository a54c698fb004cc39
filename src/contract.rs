//! The OpenAPI document as the judge of input: what it says of a body or a query is what is enforced,
//! and all that is wrong is reported at once.

use crate::error::{FieldError, Message, message};
use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock};
use utoipa::openapi::path::Parameter;

/// The schemas of the document, and the validators made from them so far.
pub struct Contract {
    schemas: Map<String, Value>,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Contract {
    /// The contract of this service.
    pub fn get() -> &'static Self {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        CONTRACT.get_or_init(|| {
            let document = crate::openapi::document_json();
            let schemas = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
            Self { schemas, validators: Mutex::default() }
        })
    }

    /// Everything that is wrong with a body, by the named schema.
    pub fn check_body(&self, schema: &str, body: &Value) -> Vec<FieldError> {
        let validator = self.validator(schema, || json!({"$ref": format!("#/components/schemas/{schema}")}));
        let mut errors: Vec<FieldError> =
            validator.map_or_else(Vec::new, |validator| validator.iter_errors(body).flat_map(|error| field_errors(&error)).collect());
        // A value of the wrong type breaks every other rule of the field too: one word is enough.
        let mistyped: BTreeSet<String> = errors.iter().filter(|error| error.code == "type").map(|error| error.pointer.clone()).collect();
        errors.retain(|error| error.code == "type" || !mistyped.contains(&error.pointer));
        errors
    }

    /// Turns the raw pairs of a query into typed JSON by the parameters' schemas, or says all that is wrong.
    pub fn check_query(&self, name: &str, parameters: &[Parameter], pairs: &[(String, String)]) -> Result<Value, Vec<FieldError>> {
        let mut object = Map::new();
        let mut errors = Vec::new();
        let schemas: Map<String, Value> = parameters
            .iter()
            .map(|parameter| (parameter.name.clone(), serde_json::to_value(&parameter.schema).unwrap_or(Value::Bool(true))))
            .collect();
        for (key, text) in pairs {
            let pointer = format!("?{key}");
            match schemas.get(key) {
                None => errors.push(FieldError::new(
                    pointer,
                    "unknown_parameter",
                    message("Không có tham số này.", "There is no such parameter."),
                )),
                Some(_) if object.contains_key(key) => {
                    errors.push(FieldError::new(
                        pointer,
                        "duplicate_parameter",
                        message("Tham số lặp lại.", "The parameter stands twice."),
                    ));
                }
                Some(schema) => {
                    object.insert(key.clone(), self.coerce(schema, text));
                }
            }
        }
        let value = Value::Object(object);
        let validator = self.validator(&format!("?{name}"), || json!({"type": "object", "properties": schemas}));
        if let Some(validator) = validator {
            errors.extend(validator.iter_errors(&value).flat_map(|error| field_errors(&error)).map(|mut error| {
                error.pointer = format!("?{}", error.pointer.trim_start_matches('/'));
                error
            }));
        }
        if errors.is_empty() { Ok(value) } else { Err(errors) }
    }

    /// The names of the properties of a schema: what `fields=` may name.
    pub fn properties(&self, schema: &str) -> Vec<&str> {
        let properties = self.schemas.get(schema).and_then(|schema| schema.get("properties")).and_then(Value::as_object);
        properties.map_or_else(Vec::new, |properties| properties.keys().map(String::as_str).collect())
    }

    fn validator(&self, key: &str, schema: impl FnOnce() -> Value) -> Option<Arc<Validator>> {
        let mut validators = self.validators.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(validator) = validators.get(key) {
            return Some(Arc::clone(validator));
        }
        let mut schema = schema();
        let needed = self.reachable(&schema);
        if let Some(object) = schema.as_object_mut() {
            object.insert("components".to_owned(), json!({"schemas": needed}));
        }
        let built = jsonschema::draft202012::options().should_validate_formats(true).build(&schema);
        match built {
            Ok(validator) => {
                let validator = Arc::new(validator);
                validators.insert(key.to_owned(), Arc::clone(&validator));
                Some(validator)
            }
            Err(error) => {
                log::error!(schema = key, error = error.to_string().as_str(); "schema cannot be compiled");
                None
            }
        }
    }

    fn reachable(&self, from: &Value) -> Map<String, Value> {
        let mut found = Map::new();
        let mut open = BTreeSet::new();
        references(from, &mut open);
        while let Some(name) = open.pop_first() {
            if let (false, Some(schema)) = (found.contains_key(&name), self.schemas.get(&name)) {
                references(schema, &mut open);
                found.insert(name, schema.clone());
            }
        }
        found
    }

    /// Text of a query as the JSON type its schema asks for; text stays where that fails, and the schema refuses it.
    fn coerce(&self, schema: &Value, text: &str) -> Value {
        let types = self.types(schema, 0);
        let integer = || text.parse::<i64>().ok().filter(|_| types.contains("integer")).map(Value::from);
        let number = || text.parse::<f64>().ok().filter(|_| types.contains("number")).map(Value::from);
        let boolean = || text.parse::<bool>().ok().filter(|_| types.contains("boolean")).map(Value::from);
        integer().or_else(number).or_else(boolean).unwrap_or_else(|| Value::String(text.to_owned()))
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
        if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.rsplit('/').next()) {
            if let Some(schema) = self.schemas.get(target) {
                types.extend(self.types(schema, depth + 1));
            }
        }
        for key in ["oneOf", "anyOf", "allOf"] {
            for branch in schema.get(key).and_then(Value::as_array).into_iter().flatten() {
                types.extend(self.types(branch, depth + 1));
            }
        }
        types
    }
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
