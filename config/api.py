"""What the libraries of the API are told: the same on every instance, so nothing here is read from the environment."""

REST_FRAMEWORK = {
    "URL_FORMAT_OVERRIDE": None,  # a parameter like any other: `?format=` is not known here
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerToken",
        "accounts.authentication.Session",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "workflow.doors.api.access.SignedIn",
        "workflow.doors.api.access.WithItsLength",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["workflow.doors.api.parsing.Json"],
    "DEFAULT_PAGINATION_CLASS": "workflow.doors.api.paging.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "workflow.doors.api.schema.Operations",
    "EXCEPTION_HANDLER": "workflow.doors.problems.handler",
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS tells nothing that the schema does not
    "PAGE_SIZE": 25,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Twinlane API",
    "DESCRIPTION": "The story from a need to an inspected delivery, for programs.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "POSTPROCESSING_HOOKS": [
        "workflow.doors.api.schema.finish",
        "procurement.api.docs.examples.add",
    ],  # choices stand where they are used: a dozen things have a "kind" of their own
    "PATH_CONVERTER_OVERRIDES": {
        "reference": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}-[0-9]{4,9}$"},
        "code": {"type": "string", "pattern": "^[A-Za-z0-9_.-]+$"},
    },
}
