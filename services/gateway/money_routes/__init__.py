"""By which way money goes: direct payments, a broker's account, a partner."""
