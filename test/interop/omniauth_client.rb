# A Ruby application with OmniAuth, as anybody would write one: prints where it sends the browser, reads where that came back, prints who it was.
require 'json'
require 'rack'
require 'rack/mock'
require 'omniauth'
require 'omniauth_openid_connect'

issuer, client_id, client_secret, home = ARGV
require 'webfinger'
[SWD, WebFinger, OpenIDConnect].each { |library| library.url_builder = URI::HTTP if library.respond_to?(:url_builder=) } if issuer.start_with?('http:')
OmniAuth.config.allowed_request_methods = %i[get]
OmniAuth.config.silence_get_warning = true
OmniAuth.config.logger = Logger.new($stderr)

app = Rack::Builder.new do
  use Rack::Session::Cookie, secret: 'x' * 64
  use OmniAuth::Builder do
    provider :openid_connect,
             name: :sumun,
             issuer: issuer,
             discovery: true,
             scope: %i[openid email],
             client_options: {
               identifier: client_id,
               secret: client_secret,
               redirect_uri: "#{home}/auth/sumun/callback"
             }
  end
  run ->(env) { [200, {}, [JSON.generate({ sub: env['omniauth.auth']&.uid, email: env['omniauth.auth']&.info&.email, path: env['PATH_INFO'] })]] }
end.to_app

begun = Rack::MockRequest.new(app).get("#{home}/auth/sumun")
$stdout.puts begun['location'] || begun.body
$stdout.flush
cookie = begun['set-cookie'].to_s.split(';').first
puts Rack::MockRequest.new(app).get($stdin.gets.strip, 'HTTP_COOKIE' => cookie).then { |reply| reply['location'] || reply.body }
