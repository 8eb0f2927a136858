"""Settings of the API libraries: Django REST framework and drf-spectacular.

They are the same on every instance, so none is read from the environment.
"""

from config.version import VERSION

REST_FRAMEWORK = {
    "URL_FORMAT_OVERRIDE": None,  # `?format=` has no special meaning here
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerTokenAuthentication",
        "accounts.authentication.PageSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "workflow.api.permissions.IsAuthenticatedWithScope",
        "workflow.api.permissions.ContentLengthRequired",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["workflow.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "workflow.api.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "workflow.api.schema.OperationSchema",
    "EXCEPTION_HANDLER": "workflow.http.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS would only repeat the schema
    "PAGE_SIZE": 25,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Twinlane API",
    "DESCRIPTION": "The story from a need to an inspected delivery, for programs.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "POSTPROCESSING_HOOKS": [
        "workflow.api.schema.postprocess_schema",
        "procurement.api_docs.examples.add_examples",
    ],  # no hook for enums: a dozen models have a field "kind" with choices of their own
    "PATH_CONVERTER_OVERRIDES": {
        "reference": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}-[0-9]{4,9}$"},
        "code": {"type": "string", "pattern": "^[A-Za-z0-9_.-]+$"},
    },
}
