// A form whose hidden field is filled by a passkey of the device; without passkeys it stays hidden.
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0))
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

function understood ({ publicKey }) {
  const withBytes = each => ({ ...each, id: bytes(each.id) })
  publicKey.challenge = bytes(publicKey.challenge)
  if (publicKey.user) publicKey.user = withBytes(publicKey.user)
  for (const list of ['allowCredentials', 'excludeCredentials']) publicKey[list] = publicKey[list]?.map(withBytes)
  return { publicKey }
}

function written (credential) {
  const response = {}
  for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[part]) response[part] = text(credential.response[part])
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults()
  })
}

async function optionsFor ({ options, optionsAt }) {
  if (options) return JSON.parse(options)
  const answer = await fetch(optionsAt, { headers: { Accept: 'application/json' } })
  return (await answer.json()).request_options
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll('[data-passkey]') : []) {
  const trouble = form.querySelector('[role=alert]')
  form.hidden = false
  form.addEventListener('submit', async event => {
    event.preventDefault()
    trouble.hidden = true
    try {
      const options = understood(await optionsFor(form.dataset))
      form.elements.credential.value = written(await navigator.credentials[form.dataset.passkey](options))
      form.submit()
    } catch {
      trouble.textContent = form.dataset.refused
      trouble.hidden = false
    }
  })
}
