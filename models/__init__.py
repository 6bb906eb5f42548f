"""The PostgreSQL tables. `models.Base.metadata` knows them all."""

from models.account import Account, ApiKey, Membership
from models.base import Base
from models.customer import UPLOAD_STATES, Customer, DeadLetter, ExchangeRate, Upload, UploadError
from models.workspace import JOB_STATES, AuditEntry, Counter, Funnel, Job, SavedView, Tenant

__all__ = [
    "JOB_STATES",
    "UPLOAD_STATES",
    "Account",
    "ApiKey",
    "AuditEntry",
    "Base",
    "Counter",
    "Customer",
    "DeadLetter",
    "ExchangeRate",
    "Funnel",
    "Job",
    "Membership",
    "SavedView",
    "Tenant",
    "Upload",
    "UploadError",
]
