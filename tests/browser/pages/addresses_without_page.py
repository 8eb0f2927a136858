"""The addresses that have no page, each with the reason."""

NO_PAGE = {
    "healthz background_health readyz metrics security_txt api-schema calendar_feed my_data register_file register_workbook file "
    "file_signed "
    "inquiry_letter thank_you_letter "
    "my_thank_you_letter my_thank_you_document my_thank_you_photo mail_source mail_attachment mail_events "
    "mfa_download_recovery_codes import_sheet "
    "file_page file_page_signed decision_memo_pdf decision_memo_pdf_signed audit_file_download "
    "audit_file_download_signed": "a file or a word for a machine",
    "generated_document_pdf generated_document_pdf_signed": "a file",
    "portal_inquiry_file portal_inquiry_file_signed portal_check_file portal_check_file_signed "
    "my_uploaded_file "
    "my_uploaded_file_signed "
    "portal_document_file portal_document_file_signed portal_generated_document "
    "portal_generated_document_signed portal_order_document portal_order_document_signed": "a file or a word for a machine",
    "check_sheet portal_check_sheet": "a paper to print",
    "add_decision_memo generate_document generate_order_document add_audit_file "
    "audit_file_move": "posted to; shows the page of the papers when it refuses",
    "scan_carton": "posted to from the dock, which it shows again when it refuses",
    "ask_for_reuse check_reuse_move letter_template_move consent_move portal_withdraw_consent my_withdraw_consent": "posted to",
    "reveal_webhook_secret": "posted to; shows the secret once (tests/procurement/webhooks)",
    "set_language theme next_morning send_now add_comment add_file portal_inquiry_photo portal_check_photo "
    "portal_accept_check end_role change_invitation "
    "recount_carton damage_photo portal_document_photo revoke_token end_session link_again copy_need "
    "add_documents mark_documents keep_view drop_view bulk "
    "do_todo put_off_todo hand_over_todo take_back_todo todo_row mark_object_read "
    "send_test_mail skip_setup_task resume_setup_task "
    "offer_validity purchase_details end_delegation": "posted to; shows a page only when it refuses (http/record_form.html, below)",
    "portal_reaffirm": "posted to; leads back to the answer",
    "portal_inquiry_draft portal_check_draft": "posted to; shows a code, or the form filled in",
    "assign_checks decide_reports answer_findings": "posted to from the offer, which they show again when they refuse",
    "my_absence my_request": "posted to from my_things, which it shows again when it refuses",
    "copy_reminder_link inquiry_print document_request_copy order_acknowledgement_copy": "posted to; makes a link each time",
    "send_order": "posted to; leads back to the order",
    "document_request_move submission": "posted to; leads back to the page of the call, or of the paper",
    "change_notification read_notifications withdraw_calendar": "posted to; leads back to the list, or to what the notice is about",
    "finding payment decision_memo audit_file clearance customs_hold goods_receipt distribution destruction "
    "bank_account supplier_fact order_acknowledgement portal_open_inquiry portal_open_check open_unsolicited_offer my_page "
    "practice_sign_in generated_document thank_you_message account_confirm_login_code": "leads on to another page, or is switched off",
    "mfa_login_webauthn mfa_reauthenticate_webauthn mfa_edit_webauthn mfa_remove_webauthn": "a passkey is needed: test_sign_in",
    "openid_connect_login openid_connect_callback saml_login saml_acs saml_finish_acs saml_metadata saml_sls "
    "sign_out_at_provider signed_out": "an identity provider is needed: tests/accounts",
    "socialaccount_connections socialaccount_signup": "lead on to another page",
    "api api-nowhere": "a redirect; a problem document",
    "goods_receipt_move customs_hold_move bank_account_move interest_move destruction_move "
    "watchlist_move": "the same page as the other moves, on something that has none here",
}
