"""Notices to a gateway of the operator's (SMS, 企业微信) as signed JSON over HTTP."""
