"""What django-allauth and Django are told about signing in: passwords, second factors, rate limits, our own forms.

No environment changes any of it; what one does change stands in config/settings.py, which takes these names in.
"""

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True  # one address a person; a new one counts once it is proven
ACCOUNT_EMAIL_NOTIFICATIONS = True  # to an address that was given up; the rest is announced from the journal
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True  # a session's length is SESSION_IDLE and SESSION_COOKIE_AGE, for everybody
# A changed address needs the password or the second factor once more.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
}
ACCOUNT_FORMS = {
    "login": "accounts.web.forms.SignIn",
    "reauthenticate": "accounts.web.forms.ConfirmPassword",
    "reset_password": "accounts.web.forms.AskForReset",
    "reset_password_from_key": "accounts.web.forms.ResetPassword",
    "change_password": "accounts.web.forms.ChangePassword",
    "set_password": "accounts.web.forms.FirstPassword",
    "add_email": "accounts.web.forms.ChangeEmail",
}
MFA_FORMS = {
    "authenticate": "accounts.web.forms.GiveCode",
    "reauthenticate": "accounts.web.forms.ConfirmCode",
    "activate_totp": "accounts.web.forms.StartApp",
    "add_webauthn": "accounts.web.forms.AddPasskey",
    "edit_webauthn": "accounts.web.forms.RenamePasskey",
}
MFA_ADAPTER = "accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Twinlane"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
USERSESSIONS_ADAPTER = "accounts.adapter.SessionsAdapter"
USERSESSIONS_TRACK_ACTIVITY = False  # accounts/middleware.py notes it once a minute, not with every page
