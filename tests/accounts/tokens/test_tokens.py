"""Tokens, codes and unsubscribe addresses as plain values."""

import pytest
from django.core import signing

from accounts.tokens import (
    api_token_prefix,
    code_digest,
    code_matches,
    new_api_token,
    new_code,
    new_token,
    token_digest,
    token_matches,
    unsubscribe_token,
    unsubscribed_user_id,
)


def test_random_tokens_are_unique_and_32_bytes_long():
    values = {new_token() for _ in range(100)}
    assert len(values) == 100
    assert {len(value) for value in values} == {43}


def test_token_matches_only_its_own_digest():
    token = new_token()
    assert token_matches(token, token_digest(token))
    assert not token_matches(new_token(), token_digest(token))
    assert token not in token_digest(token)


def test_api_token_starts_with_its_prefix():
    made = new_api_token()
    assert made.value.startswith(f"tl_{made.prefix}_")
    assert api_token_prefix(made.value) == made.prefix


@pytest.mark.parametrize(
    "value",
    ["", "tl_", "tl_short_x", "xx_12345678_secret", "tl_12345678secret", "tl_12345678_", "tl_1234-678_s"],
)
def test_malformed_api_token_has_no_prefix(value):
    assert api_token_prefix(value) is None


def test_code_has_six_digits_and_matches_only_with_own_salt():
    code = new_code()
    assert len(code) == 6
    assert code.isdecimal()
    stored = code_digest(code, "7")
    assert code_matches(code, "7", stored)
    assert not code_matches(code, "8", stored)


def test_unsubscribe_token_identifies_recipient_and_cannot_be_forged():
    assert unsubscribed_user_id(unsubscribe_token(42)) == 42
    assert unsubscribed_user_id(unsubscribe_token(42) + "x") is None
    assert unsubscribed_user_id(signing.dumps(42, salt="other")) is None
